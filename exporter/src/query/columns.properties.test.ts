import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregators, catalog, type MeasureKind, type PartMetric } from '@storepulse/contracts';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { runAtOnce } from '../work/pacer.ts';
import { createDictionary, readColumns } from './columns.ts';
import { foldWindows } from './fold.ts';
import { groupCells } from './grouped.ts';

/** Windows are read straight from their bytes: BSON's own reader and adding up objects are the oracle. */
const MEASURES: readonly MeasureKind[] = ['count', 'sum', 'min', 'max', 'distinct', 'distribution', 'last'];
const partOf = (measure: MeasureKind) =>
  ({ ...catalog.metrics.get('orders')!, name: `m_${measure}`, measure }) as PartMetric;
const value = fc.constantFrom(
  'France',
  'Côte d’Ivoire',
  'a%2Eb',
  '%24x',
  '日本',
  'x'.repeat(60),
  'other',
  '0',
);
const stored = (measure: MeasureKind) =>
  fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 }).map((added) => {
    const { zero, add, encode } = aggregators[measure];
    const each = (n: number) =>
      measure === 'distinct' ? `id-${n}` : measure === 'last' ? { time: n, id: `e${n}`, value: n } : n;
    return encode(added.reduce((state, n) => add(state, each(n)), zero()));
  });
const cell = fc.record(Object.fromEntries(MEASURES.map((measure) => [`m_${measure}`, stored(measure)])), {
  requiredKeys: [],
});
const cells = fc.dictionary(value, cell, { maxKeys: 6 });
const document = fc.record({
  start: fc.nat(9).map((hour) => hour * 3_600_000),
  version: fc.oneof(
    fc.nat(),
    fc.nat().map((n) => n + 2 ** 40),
  ),
  final: fc.boolean(),
  cells: fc.record({ total: cells, country: cells }, { requiredKeys: [] }),
  later: fc.oneof(fc.constant(null), fc.string(), fc.array(fc.nat()), fc.double({ noNaN: true })),
});
const buckets = Array.from({ length: 9 }, (_, hour) => ({
  from: hour * 3_600_000,
  to: (hour + 1) * 3_600_000,
}));

test('whatever is stored, columns add up to what objects add up to, for any measures and any filter', () => {
  fc.assert(
    fc.property(
      fc.array(document, { maxLength: 8 }),
      fc.subarray([...MEASURES], { minLength: 1 }),
      fc.boolean(),
      fc.boolean(),
      (documents, measures, isGrouped, isTable) => {
        const parts = measures.map(partOf);
        const groupOf = (name: string) => (name === 'France' ? undefined : isGrouped ? name : 'all');
        const wanted = isTable ? [{ from: 0, to: 9 * 3_600_000 }] : buckets;
        const bytes = documents.map((each, i) =>
          Buffer.from(BSON.serialize({ _id: `w|${i}`, ...each, start: new Date(each.start) })),
        );
        const dictionary = createDictionary();
        const windows = bytes.map((each) => runAtOnce(readColumns(each, 'country', parts, dictionary)));
        windows.forEach(({ id, start, version, final }, i) => {
          const { start: at, version: v, final: f } = documents[i]!;
          assert.deepEqual([id, start, version, final], [`w|${i}`, at, v, f]);
        });
        const grouped = runAtOnce(
          groupCells([{ dictionary, windows }], parts, wanted, { groupOf }, () => {}),
        );

        const objects = bytes.map((each) => {
          const read = BSON.deserialize(each, { promoteBuffers: true, promoteLongs: true });
          return { start: (read.start as Date).getTime(), cells: read.cells.country ?? {} };
        });
        const { rows, covered } = foldWindows(objects, parts, wanted, groupOf);
        assert.deepEqual(grouped.covered, covered);
        assert.deepEqual([...grouped.values].sort(), [...rows.keys()].sort());
        const encoded = (states: readonly unknown[] | undefined) =>
          states?.map((state, i) => aggregators[measures[i]!].value(state as never));
        grouped.values.forEach((name, i) => {
          const row = runAtOnce(grouped.row([i]));
          assert.deepEqual(row.map(encoded), rows.get(name)!.map(encoded), name);
          const total = foldWindows(objects, parts, [{ from: 0, to: 9 * 3_600_000 }], groupOf).rows.get(
            name,
          )!;
          const inBuckets = objects.every(({ start }) =>
            wanted.some(({ from, to }) => from <= start && start < to),
          );
          if (inBuckets) assert.deepEqual(encoded(runAtOnce(grouped.total(i))), encoded(total[0]), name);
        });
      },
    ),
    { numRuns: 100 },
  );
});

test('a document of another form is told, not guessed at', () => {
  const wrong = [
    { _id: 'w', start: 5 },
    { _id: 7, start: new Date(0) },
    { _id: 'w', start: new Date(0), cells: { country: { France: 3 } } },
    { _id: 'w', start: new Date(0), cells: { country: { France: { m_sum: 'three' } } } },
  ];
  for (const each of wrong) {
    const bytes = Buffer.from(BSON.serialize(each));
    assert.throws(
      () => runAtOnce(readColumns(bytes, 'country', [partOf('sum')], createDictionary())),
      TypeError,
    );
  }
});
