import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LakeFile } from '@storepulse/lake/manifest';
import fc from 'fast-check';
import { mergedFile } from './keeper.ts';
import { FAN_IN, type Merge, planMerges } from './plan-merges.ts';

const TODAY = '2026-11-29';
const MB = 1_048_576;
const FILE_BYTES = 64 * MB;
const today = new Map([['demo', TODAY]]);

let count = 0;
const file = (date: string, bytes: number): LakeFile => ({
  _id: `shop=demo/type=order_placed/date=${date}/${++count}.parquet`,
  ...{ shop: 'demo', type: 'order_placed', period: date, firstDate: date, lastDate: date },
  ...{ firstAt: 0, lastAt: 0, rows: 10, bytes, at: new Date(0) },
});
const plan = (files: readonly LakeFile[], ended = true) =>
  planMerges(files, today, { ended, fileBytes: FILE_BYTES });
const apply = (files: readonly LakeFile[], merges: readonly Merge[]): LakeFile[] => {
  const gone = new Set(merges.flatMap(({ inputs }) => inputs));
  const made = merges.map(({ inputs, period }) =>
    mergedFile(inputs, {
      _id: `merged-${++count}`,
      period,
      bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
      at: new Date(0),
    }),
  );
  return [...files.filter((one) => !gone.has(one)), ...made];
};
const periods = (files: readonly LakeFile[]) => files.map(({ period }) => period).sort();

test('a quiet shop has a file for a year, a busy one a file for a day, and the running day is left alone', () => {
  const days = ['2025-12-30', '2026-01-02', '2026-11-27', '2026-11-28', TODAY];
  const quiet = days.map((date) => file(date, 10_000));
  assert.deepEqual(periods(apply(quiet, plan(quiet))), ['2025', '2026', TODAY]);
  const busy = days.flatMap((date) => [file(date, 20 * MB), file(date, 20 * MB)]);
  assert.deepEqual(periods(apply(busy, plan(busy))), [
    '2025',
    '2026-01',
    '2026-11-27',
    '2026-11-28',
    TODAY,
    TODAY,
  ]);
});

test('a day that does not fit into one file becomes several full ones', () => {
  const files = Array.from({ length: 10 }, () => file('2026-11-01', 20 * MB));
  const after = apply(files, plan(files));
  assert.ok(after.length <= 4, `${after.length} files`);
  for (const { bytes, period } of after) {
    assert.ok(bytes <= FILE_BYTES);
    assert.equal(period, '2026-11-01');
  }
});

test('small files of the running day are merged once there are many of one size, whatever the hour', () => {
  const few = Array.from({ length: FAN_IN - 1 }, () => file(TODAY, 9_000));
  assert.deepEqual(plan(few, false), []);
  const many = [...few, file(TODAY, 9_000), file(TODAY, 30 * MB)];
  const [merge, ...others] = plan(many, false);
  assert.deepEqual(others, []);
  assert.equal(merge!.inputs.length, FAN_IN);
});

test('a shop that is not known is left alone', () => {
  assert.deepEqual(
    planMerges([file('2026-01-01', 1), file('2026-01-02', 1)], new Map(), { ended: true, fileBytes: 1 }),
    [],
  );
});

const anyFile = fc
  .record({
    day: fc.integer({ min: 0, max: 800 }),
    bytes: fc.oneof(fc.integer({ min: 1, max: MB }), fc.integer({ min: MB, max: 70 * MB })),
  })
  .map(({ day, bytes }) =>
    file(new Date(Date.UTC(2024, 8, 20) + day * 86_400_000).toISOString().slice(0, 10), bytes),
  );

test('whatever there is: no row is in two merges, a file holds days of its period alone, and merging comes to an end', () => {
  fc.assert(
    fc.property(fc.array(anyFile, { maxLength: 60 }), fc.array(anyFile, { maxLength: 10 }), (first, late) => {
      let files = first;
      const rows = () => files.reduce((sum, one) => sum + one.rows, 0);
      for (const arriving of [[], late]) {
        files = [...files, ...arriving];
        const before = rows();
        let rounds = 0;
        for (let merges = plan(files); merges.length > 0; merges = plan(files)) {
          const inputs = merges.flatMap((merge) => merge.inputs);
          assert.equal(new Set(inputs).size, inputs.length);
          files = apply(files, merges);
          rounds += 1;
          assert.ok(rounds < 5, 'merging does not come to an end');
        }
        assert.equal(rows(), before);
        for (const { period, firstDate, lastDate } of files)
          assert.ok(
            firstDate.startsWith(period) && lastDate.startsWith(period),
            `${period}: ${firstDate} ${lastDate}`,
          );
      }
    }),
  );
});
