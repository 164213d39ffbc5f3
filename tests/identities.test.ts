// Takes over 60 s: five processors, one of which is started anew four times, with a topic made anew between.
import { test } from 'node:test';
import { keepsTheTermsOfShops } from './identities/changed-shop.ts';
import { passesLargeLetters } from './identities/large-letters.ts';
import { countsTopicsMadeAnew, waitsForTransactions } from './identities/logs.ts';
import { countsVisitsOnce } from './identities/visits.ts';
import { useServers } from './support/servers.ts';

test('who and what is counted, whatever sources say, on real servers', async (t) => {
  await using servers = await useServers();
  // Beside each other: each waits most of the time.
  await Promise.all([
    t.test('a shop that changes', (t) => keepsTheTermsOfShops(t, servers.pipeline('shops'))),
    t.test('visits seen by several tasks', (t) => countsVisitsOnce(t, servers.pipeline('visits'))),
    t.test('topics made anew', (t) => countsTopicsMadeAnew(t, servers.pipeline('anew'))),
    t.test('an open transaction', (t) => waitsForTransactions(t, servers.pipeline('open'))),
    t.test('dead letters that do not fit', (t) => passesLargeLetters(t, servers.pipeline('large'))),
  ]);
});
