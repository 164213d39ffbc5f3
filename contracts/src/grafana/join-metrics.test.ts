import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame, FrameField } from '../query.ts';
import { joinMetrics } from './join-metrics.ts';

type Cells = FrameField['values'];

const number = (name: string, values: Cells, labels?: Record<string, string>): FrameField => ({
  ...{ name, type: 'number', config: { displayName: name }, values },
  ...(labels ? { labels } : {}),
});
const series = (metric: string, times: number[], values: Cells, custom: object = {}): Frame => ({
  ...{ name: metric.toUpperCase(), refId: 'A' },
  fields: [{ name: 'time', type: 'time', config: {}, values: times }, number(metric, values)],
  meta: { type: 'timeseries-wide', typeVersion: [0, 1], custom: { metric, shop: 'demo', ...custom } },
});
const table = (metric: string, rows: Record<string, number>, custom: object = {}): Frame => ({
  ...{ name: metric.toUpperCase(), refId: 'A' },
  fields: [
    { name: 'country', type: 'string', config: {}, values: Object.keys(rows) },
    number(metric, Object.values(rows)),
    number(`${metric}_earlier`, Object.values(rows)),
  ],
  meta: { type: 'numeric-long', typeVersion: [0, 1], custom: { metric, shop: 'demo', ...custom } },
});
const shown = ({ fields }: Frame) => fields.map(({ name, values }) => [name, ...values]);

test('frames of one metric stay what they are', () => {
  const frames = [{ ...series('a', [1], [2]), meta: { type: 'timeseries-wide' } }];
  assert.deepEqual(joinMetrics(frames), frames);
  assert.deepEqual(joinMetrics([]), []);
});

test('time series of the same times are one frame, whose fields tell their metric', () => {
  const [joined, ...others] = joinMetrics([
    series('a', [1, 2], [10, 20], { numerator: [1, 2], relativeError: 0.02 }),
    series('b', [1, 2], [null, 5]),
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual(shown(joined!), [
    ['time', 1, 2],
    ['a', 10, 20],
    ['b', null, 5],
  ]);
  assert.deepEqual(
    joined!.fields.map(({ labels }) => labels),
    [undefined, { metric: 'a' }, { metric: 'b' }],
  );
  assert.equal(joined!.name, 'A, B');
  assert.deepEqual(joined!.meta, {
    ...{ type: 'timeseries-wide', typeVersion: [0, 1] },
    custom: { shop: 'demo', metrics: ['a', 'b'] },
  });
});

test('time series of other times, or whose last buckets are not filled alike, stay apart: nothing is made up', () => {
  const frames = joinMetrics([
    series('a', [1, 2], [1, 1]),
    series('b', [1, 3], [2, 2]),
    series('c', [1, 2], [3, 3], { incompleteFrom: 2 }),
    series('d', [1, 2], [4, 4]),
  ]);
  assert.deepEqual(
    frames.map(({ name }) => name),
    ['A, D', 'B', 'C'],
  );
  assert.deepEqual(frames[1]!.fields[1]!.labels, { metric: 'b' });
  assert.equal((frames[2]!.meta!.custom as Record<string, unknown>).incompleteFrom, 2);
});

test('the earlier time of a comparison is a frame of its own', () => {
  const earlier = { compared: 'earlier', compareTo: 'previous_week' };
  const frames = joinMetrics([
    ...[series('a', [1], [1]), series('a', [1], [2], earlier)],
    ...[series('b', [1], [3]), series('b', [1], [4], earlier)],
  ]);
  assert.deepEqual(frames.map(shown), [
    [
      ['time', 1],
      ['a', 1],
      ['b', 3],
    ],
    [
      ['time', 1],
      ['a', 2],
      ['b', 4],
    ],
  ]);
});

test('tables are one, with a row for each group that any metric has, the first metric’s first and what is left over last', () => {
  const [joined] = joinMetrics([
    table('a', { Spain: 3, France: 2, other: 1 }, { incompleteFrom: 9 }),
    table('b', { France: 20, Italy: 10, Spain: 5 }, { incompleteFrom: 7 }),
  ]);
  assert.deepEqual(shown(joined!), [
    ['country', 'Spain', 'France', 'Italy', 'other'],
    ['a', 3, 2, null, 1],
    ['a_earlier', 3, 2, null, 1],
    ['b', 5, 20, 10, null],
    ['b_earlier', 5, 20, 10, null],
  ]);
  assert.equal((joined!.meta!.custom as Record<string, unknown>).incompleteFrom, 7);
});

test('tables of the whole shop are one row', () => {
  const whole = (metric: string, value: number): Frame => ({
    ...table(metric, {}),
    fields: [number(metric, [value])],
  });
  assert.deepEqual(shown(joinMetrics([whole('a', 1), whole('b', 2)])[0]!), [
    ['a', 1],
    ['b', 2],
  ]);
});
