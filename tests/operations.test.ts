// Takes over 60 s: four pipelines, and some thirty programs that operators run, each a process of its own.
import { test } from 'node:test';
import { consumesMetrics } from './operations/consume-metrics.ts';
import { replaysDeadLetters } from './operations/dead-letters.ts';
import { erasesCustomers } from './operations/erasure.ts';
import { tellsOfNobody } from './operations/personal-data.ts';
import { useServers } from './support/servers.ts';

test('what operators do, on real servers', async (t) => {
  await using servers = await useServers();
  await t.test('dead letters', (t) => replaysDeadLetters(t, servers.pipeline('letters')));
  await t.test('erasure', (t) => erasesCustomers(t, servers.pipeline('erasure')));
  await t.test('a consumer of metrics', (t) => consumesMetrics(t, servers.pipeline('consumer')));
  await t.test('personal data', (t) => tellsOfNobody(t, servers.pipeline('persons')));
});
