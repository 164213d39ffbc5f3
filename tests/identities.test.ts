import { test } from 'node:test';
import { keepsTheTermsOfShops } from './identities/changed-shop.ts';
import { startTestServers } from './support/servers.ts';

test('who and what is counted, whatever sources say, on real servers', async (t) => {
  await using servers = await startTestServers();
  await t.test('a shop that changes', (t) => keepsTheTermsOfShops(t, servers.pipeline('shops')));
});
