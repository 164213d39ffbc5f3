import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type QueryResult, toRecord } from '@storepulse/contracts';
import { assertAtRandomSeams, openSeam } from '../../depth/seam-of.ts';
import { useServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { tablesOf } from '../ask-tables.ts';
import { simulate } from '../simulated.ts';

const MORNING = Date.UTC(2026, 2, 28, 9);
const METRICS = ['orders', 'net_sales', 'units', 'product_views', 'sessions', 'payment_attempts'];

test('at many random seams, lake and log together answer what brute force over the whole log does', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'seam-'));
  const seam = await openSeam(folder, { size: 1_500 });
  try {
    const seed = Number(process.env.STOREPULSE_SEED ?? 1);
    t.diagnostic(`${await assertAtRandomSeams(seam, { seams: 20, queries: 20, seed })} numbers`);
    assert.deepEqual(seam.failures, []);
  } finally {
    await seam.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('on real servers, rows are what cells are while the archiver works, is killed, and comes back', async (t) => {
  const { shop, events } = simulate(MORNING, 1_200, 0.03);
  await using servers = await useServers();
  const pipeline = servers.pipeline('seam');
  const lake = { LAKE_LOCATION: join(servers.folder, 'lake') };
  const archiving = { ...lake, ARCHIVER_FLUSH_MS: '20000', ARCHIVER_MERGE_MS: '1000' };
  await pipeline.start('processor');
  let archiver = await pipeline.start('archiver', archiving);
  const producer = pipeline.kafka.producer();
  await producer.connect();
  pipeline.onStop(() => producer.disconnect());
  const exporter = await pipeline.start('exporter', { ...lake, EXPORTER_DEPTH_MB: '256' });
  const range = { from: MORNING - 2 * 86_400_000, to: MORNING + 5 * 86_400_000 };
  const ask = tablesOf(exporter.url, shop.shop, range);
  const send = async (part: readonly (typeof events)[number][]) => {
    for (const { event } of part) {
      const { topic, key, value, headers } = toRecord(event, '/test');
      await producer.send({ topic: `${pipeline.prefix}${topic}`, messages: [{ key, value, headers }] });
    }
  };
  /** Of each metric: cells by country, and rows by country and device added up by country. */
  const equalNow = async () => {
    const results = await ask(
      ...METRICS.flatMap((metric) => [
        { metric, groupBy: 'country' },
        { metric, groupBy: ['country', 'device'] },
      ]),
    );
    const told = results.map(({ error, frames }) => (error ? error.code : sums(frames[0]!)));
    const pairs = METRICS.map((metric, i) => [metric, told[2 * i], told[2 * i + 1]] as const);
    const { lake: from } = results[1]!.meta ?? {};
    return { from, unequal: pairs.filter(([, cells, rows]) => !isSame(cells, rows)), pairs };
  };
  const assertEqual = async (what: string, lakeSince = 0) => {
    const { from } = await until(
      `rows are what cells are: ${what}`,
      equalNow,
      ({ unequal, pairs, from }) =>
        unequal.length === 0 &&
        from?.tail?.state === 'current' &&
        (from.tail.lakeSeamAt ?? 0) >= lakeSince &&
        Object.keys(pairs[0]![1]!).length > 1,
      120_000,
    );
    return from!;
  };
  // Customers and products come first.
  const opening = events.findIndex(({ event }) => event.type === 'session_started');
  const quarter = Math.ceil((events.length - opening) / 4);
  const part = (n: number) => events.slice(opening + n * quarter, opening + (n + 1) * quarter);

  await producer.send(messageOf(shop, pipeline.prefix));
  await send(events.slice(0, opening));
  await send(part(0));
  const before = await assertEqual('long before the lake has them');
  const sent = Date.now();
  await send(part(1).slice(0, 50));
  await assertEqual('some more');
  t.diagnostic(`fifty events are in rows and cells ${Date.now() - sent} ms after the first was sent`);

  await archiver.service.kill();
  await send(part(1).slice(50));
  const without = await assertEqual('the archiver is dead');
  assert.ok(without.seamAt! >= before.seamAt!, 'answers go on without the archiver');
  assert.ok(without.until > 0);
  archiver = await pipeline.start('archiver', { ...archiving, ARCHIVER_FLUSH_MS: '300' });
  await send(part(2));
  await assertEqual('the archiver is back, and the lake moves all the time');
  await send(part(3));
  await assertEqual('the last of them');
  // A partition is another owner's only when the group has noticed that the one who was killed is gone.
  await assertEqual('the lake has them all', Date.now());
  await archiver.stop();
});

type Frame = QueryResult['frames'][number];

function sums({ fields }: Frame): Record<string, number> {
  const into: Record<string, number> = {};
  fields[0]!.values.forEach((value, i) => {
    const before = into[String(value)] ?? 0;
    into[String(value)] = Math.round((before + Number(fields.at(-1)!.values[i])) * 100) / 100;
  });
  return Object.fromEntries(Object.entries(into).filter(([, sum]) => sum !== 0));
}

const isSame = (a: unknown, b: unknown) =>
  JSON.stringify(Object.entries(a ?? {}).sort()) === JSON.stringify(Object.entries(b ?? {}).sort());

function messageOf(event: Parameters<typeof toRecord>[0], prefix: string) {
  const { topic, key, value, headers } = toRecord(event, '/test');
  return { topic: `${prefix}${topic}`, messages: [{ key, value, headers }] };
}
