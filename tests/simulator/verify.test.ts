import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  COLLECTIONS,
  type FactCollection,
  KafkaSettingsSchema,
  type MetricDocument,
  type MetricRecord,
  type Resolution,
  readSettings,
} from '@storepulse/contracts';
import type { FaultName } from '@storepulse/simulator/faults/faults';
import { FAULT_HEADER } from '@storepulse/simulator/faults/injector';
import { EVERY_FAULT } from '@storepulse/simulator/testing';
import { openTopicSource } from '@storepulse/simulator/verify/read-topic';
import { until } from '../support/until.ts';
import { startStage, type VerifyStage } from './stage.ts';

/** `STOREPULSE_VERIFY_EVENTS=200000` asks for more than what is quick. */
const EVENTS = Number(process.env.STOREPULSE_VERIFY_EVENTS ?? 5_000);

let stage: VerifyStage;
before(async () => {
  stage = await startStage();
});
after(() => stage.stop());

/** The differences that `verify` prints: where, what, and by how much. */
const onlyDifferences = (output: string) =>
  [
    ...output.matchAll(
      /^ {2}(.+): (\S+) (\S+) by (\S+), (\S+)(?: \S+)?: expected \S+, shown \S+, difference (\S+)$/gm,
    ),
  ].map(([, surface, shop, metric, cell, resolution, difference]) => [
    surface,
    `${shop} ${resolution} ${metric} ${cell}`,
    Number(difference),
  ]);

test('after a history with malformed and poisonous events, everything that is shown is what must be', async () => {
  await stage.makeHistory({ seed: 'broken', events: EVENTS, faults: { malformed: 0.05, poison: 0.05 } });
  const { status, surfaces, fates } = await stage.verify();
  for (const [name, { cells, different, undecided }] of Object.entries(surfaces)) {
    assert.ok(cells > 500, `${name}: ${cells} cells`);
    assert.deepEqual([different, undecided], [0, 0], name);
  }
  const dead = fates!.filter(({ fate }) => fate.startsWith('dead-letter'));
  assert.ok(dead.length >= 5, JSON.stringify(fates));
  assert.ok(dead.reduce((sum, { shown }) => sum + shown, 0) > EVENTS * 0.04);
  assert.equal(status, 0);
});

test('so it is after another history of the same shops, with every fault', async () => {
  await stage.makeHistory({ seed: 'every fault', events: EVENTS, faults: EVERY_FAULT });
  const { status, differences, fates } = await stage.verify();
  assert.deepEqual(differences, []);
  assert.deepEqual(
    fates!.filter(({ matches }) => !matches),
    [],
  );
  assert.ok(fates!.find(({ fate }) => fate === 'duplicate')!.shown > EVENTS * 0.01);
  assert.equal(status, 0);
});

test('these histories hold what the figures are hard to get right for', async (t) => {
  const facts = (name: FactCollection, filter: object = {}) =>
    stage.db.collection(name).countDocuments(filter);
  const shops = await stage.db.collection<{ timeZone: string }>('shops').find().toArray();
  assert.equal(new Set(shops.map(({ timeZone }) => timeZone)).size, 2, 'time zones');
  const held: Record<string, [count: number, least: number]> = {
    orders: [await facts('orders'), 300],
    'orders of the first shop': [await facts('orders', { shop: 'first' }), 100],
    'orders of the second shop': [await facts('orders', { shop: 'second' }), 100],
    refunds: [await facts('refunds'), 50],
    'refunds with delivery': [await facts('refunds', { shipping: { $gt: 0 } }), 10],
    'refunds with tax': [await facts('refunds', { tax: { $gt: 0 } }), 20],
    'refunds of discounted lines': [await facts('refunds', { 'lines.discount': { $gt: 0 } }), 5],
    'refunds without lines': [await facts('refunds', { lines: [] }), 5],
    edits: [await facts('order-edits'), 20],
    cancellations: [await facts('cancellations'), 20],
    'late orders': [await recordsOf('order_placed', 'late'), 5],
  };
  t.diagnostic(JSON.stringify(held));
  for (const [what, [count, least]] of Object.entries(held)) assert.ok(count >= least, `${count} ${what}`);
});

test('a stored cell that is altered by hand is named, wherever it shows, and nothing else', async () => {
  const metrics = stage.db.collection<MetricDocument>(COLLECTIONS.metrics);
  const undo: (() => Promise<unknown>)[] = [];
  const alter = async (shop: string, resolution: Resolution, cell: string, by: number) => {
    const path = `cells.${cell}`;
    const increase = (amount: number) => ({ $inc: { [path]: amount } }) as object;
    const altered = await metrics.findOneAndUpdate(
      { shop, resolution, [path]: { $exists: true } },
      increase(by),
    );
    assert.ok(altered, `${resolution} ${cell}`);
    undo.push(() => metrics.updateOne({ _id: altered._id }, increase(-by)));
  };
  await alter('second', 'all', 'country.JP.product_views', 1);
  await alter('first', '1m', 'total.all.view_time', 5);
  const published = await dayOf('first');
  await publish(published, 1, 2);
  try {
    const { output, status } = await stage.verifyText();
    assert.equal(status, 1);
    assert.deepEqual(onlyDifferences(output), [
      ['topic metrics', 'first 1d product_views total=all', 2],
      ['MongoDB', 'first 1m view_time total=all', 5],
      ['query API', 'first 1m view_time total=all', 5],
      ['MongoDB', 'second all product_views country=JP', 1],
      ['query API', 'second all product_views country=JP', 1],
      ['/metrics', 'second all product_views country=JP', 1],
    ]);
    assert.match(output, /^\d+ cells compared in \d+ windows, 6 different\n/);
    assert.match(
      output,
      /MongoDB: second product_views by country=JP, all: expected \d+, shown \d+, difference 1\n/,
    );
  } finally {
    for (const step of undo) await step();
    await publish(published, 2, 0);
  }
});

test('traffic that goes on is paused and resumed, and a run that was killed before it counts as far as Kafka has it', async () => {
  await stage.control('POST', '/v1/run', { profile: { profile: 'poisson', rate: 300 } });
  await stage.control('PUT', '/v1/faults', EVERY_FAULT);
  const sent = async () => (await stage.control<{ sent: number }>('GET', '/v1/status')).sent;
  const before = await sent();
  await until('some traffic was sent', sent, (now) => now > before + 1_000);
  await stage.killSimulator();
  await stage.control('PUT', '/v1/rate', { rate: 50 });
  const { status, differences, fates } = await stage.verify();
  assert.deepEqual(differences, []);
  assert.deepEqual(
    fates!.filter(({ matches }) => !matches),
    [],
  );
  assert.equal(status, 0);
  assert.equal((await stage.control<{ state: string }>('GET', '/v1/status')).state, 'running');
});

/** Records on the topic `transactions` that a type's events were sent as, after a fault had befallen them. */
async function recordsOf(type: string, fault: FaultName): Promise<number> {
  const source = await openTopicSource(readSettings(KafkaSettingsSchema, stage.environment));
  let records = 0;
  await source.read('transactions', ({ value, headers }) => {
    const isOfFault = String(headers?.[FAULT_HEADER] ?? '') === fault;
    if (isOfFault && (JSON.parse(String(value)) as { type: string }).type === type) records += 1;
  });
  await source.close();
  return records;
}

/** The latest record of a day's behaviour in a shop, and its key. */
async function dayOf(shop: string): Promise<{ key: string; record: MetricRecord }> {
  const source = await openTopicSource(readSettings(KafkaSettingsSchema, stage.environment));
  let latest: { key: string; record: MetricRecord } | undefined;
  await source.read('metrics', ({ key, value }) => {
    if (!String(key).startsWith(`${shop}|behaviour|narrow|1d|`)) return;
    const record = JSON.parse(String(value)) as MetricRecord;
    if (record.version >= (latest?.record.version ?? 0)) latest = { key: String(key), record };
  });
  await source.close();
  return latest!;
}

/** Puts a later version of a window onto the topic, its views altered. */
async function publish(
  { key, record }: { key: string; record: MetricRecord },
  later: number,
  by: number,
): Promise<void> {
  const cell = record.cells.total!.all!;
  const total = { all: { ...cell, product_views: Number(cell.product_views) + by } };
  const value = { ...record, version: record.version + later, cells: { ...record.cells, total } };
  const producer = stage.kafka.producer();
  await producer.connect();
  await producer.send({ topic: `${stage.prefix}metrics`, messages: [{ key, value: JSON.stringify(value) }] });
  await producer.disconnect();
}
