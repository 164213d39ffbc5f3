import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COLLECTIONS, type MetricDocument, type Resolution } from '@storepulse/contracts';
import { toMetricRecord } from '@storepulse/processor/merge/merge-window';
import type { FaultShares } from '@storepulse/simulator/faults/faults';
import { until } from '../support/until.ts';
import { startStage, type Verification, type VerifyStage } from './stage.ts';

/** `STOREPULSE_VERIFY_EVENTS=200000` asks for more than what is quick. */
const EVENTS = Number(process.env.STOREPULSE_VERIFY_EVENTS ?? 5_000);
const EVERY_FAULT: FaultShares = {
  late: 0.05,
  out_of_order: 0.05,
  clock_skew: 0.05,
  duplicate: 0.05,
  malformed: 0.05,
  poison: 0.05,
  drop: 0.05,
};

let stage: VerifyStage;
before(async () => {
  stage = await startStage();
});
after(() => stage.stop());

const onlyDifferences = ({ differences }: Verification) =>
  differences.map(({ surface, shop, metric, dimension, value, resolution, expected, shown }) => [
    surface,
    `${shop} ${resolution} ${metric} ${dimension}=${value}`,
    +(shown! - expected!).toFixed(6),
  ]);

test('after a history with malformed and poisonous events, everything that is shown is what must be', async () => {
  await stage.makeHistory({ seed: 'broken', events: EVENTS, faults: { malformed: 0.05, poison: 0.05 } });
  const { status, surfaces, fates } = await stage.verify();
  for (const [name, { cells, different, undecided }] of Object.entries(surfaces)) {
    assert.ok(cells > 1_000, `${name}: ${cells} cells`);
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
  await alter('first', '1m', 'total.all.gross_sales', 5);
  const published = await metrics.findOne({
    shop: 'first',
    resolution: '1d',
    'cells.total.all.orders': { $gt: 0 },
  });
  await publish({ ...published!, version: published!.version + 1 }, 2);
  try {
    const altered = await stage.verify();
    assert.equal(altered.status, 1);
    assert.deepEqual(onlyDifferences(altered), [
      ['topic metrics', 'first 1d orders total=all', 2],
      ['MongoDB', 'first 1m gross_sales total=all', 5],
      ['query API', 'first 1m gross_sales total=all', 0.05],
      ['MongoDB', 'second all product_views country=JP', 1],
      ['query API', 'second all product_views country=JP', 1],
      ['/metrics', 'second all product_views country=JP', 1],
    ]);
    const { output } = await stage.verifyText();
    assert.match(output, /^\d+ cells compared in \d+ windows, 6 different\n/);
    assert.match(
      output,
      /MongoDB: second product_views by country=JP, all: expected \d+, shown \d+, difference 1\n/,
    );
  } finally {
    for (const step of undo) await step();
    await publish({ ...published!, version: published!.version + 2 }, 0);
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

/** Puts a window onto the topic, its orders altered. */
async function publish(document: MetricDocument, by: number): Promise<void> {
  const record = toMetricRecord(document, { name: document.group, metrics: [], dimensions: [] });
  const cell = record.cells.total!.all!;
  const producer = stage.kafka.producer();
  await producer.connect();
  const value = {
    ...record,
    cells: { ...record.cells, total: { all: { ...cell, orders: Number(cell.orders) + by } } },
  };
  await producer.send({ topic: 'metrics', messages: [{ key: document._id, value: JSON.stringify(value) }] });
  await producer.disconnect();
}
