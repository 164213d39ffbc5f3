import type { WindowLine } from '@storepulse/contracts/live';
import { aFrame, aResult } from '../testing/fixtures';
import { withWindows } from './withWindows';

const MINUTE = 60_000;
const options = {
  ...{ metric: 'orders', dimension: undefined, stepMs: MINUTE, isZeroTrue: true, spanMs: 10 * MINUTE },
};
const windowAt = (minute: number, values: Record<string, number>, final = false): [number, WindowLine] => [
  minute * MINUTE,
  {
    ...{
      type: 'window',
      id: `${minute}`,
      start: minute * MINUTE,
      end: (minute + 1) * MINUTE,
      version: 1,
      final,
    },
    values: { orders: values },
  },
];
const after = (windows: Array<[number, WindowLine]>, changes: object = {}, result = aResult()) => {
  const frame = withWindows(result.frames[0]!, new Map(windows), { ...options, ...changes });
  return { frame, columns: frame.fields.map(({ values }) => values) };
};

test('windows take the place of what was answered of their times, and later ones stand behind', () => {
  const { frame, columns } = after([windowAt(1, { all: 7 }), windowAt(2, { all: 1 })]);
  expect(columns).toEqual([
    [0, MINUTE, 2 * MINUTE],
    [1.5, 7, 1],
  ]);
  expect(frame?.fields[1]?.config).toEqual(aFrame().fields[1]?.config);
});

test('where nothing is told nothing happened, of counts; of others it is not known, and nothing is made up', () => {
  expect(after([windowAt(4, { all: 1 })]).columns[1]).toEqual([1.5, 2.25, 0, 0, 1]);
  expect(after([windowAt(4, { all: 1 })], { isZeroTrue: false }).columns).toEqual([
    [0, MINUTE, 4 * MINUTE],
    [1.5, 2.25, 1],
  ]);
});

test('what was answered as unknown stays so', () => {
  const [time, orders] = aFrame().fields;
  const unknown = aResult({ frames: [aFrame({ fields: [time!, { ...orders!, values: [1.5, null] }] })] });
  expect(after([windowAt(2, { all: 1 })], {}, unknown).columns[1]).toEqual([1.5, null, 1]);
});

test('it does not grow: what lies further back than the span is left out', () => {
  expect(after([windowAt(10, { all: 3 })]).columns[0]?.[0]).toBe(MINUTE);
  expect(after([windowAt(500, { all: 3 })]).columns[0]).toHaveLength(10);
});

test('values of a split keep to their lines, and a new value gets one of its own', () => {
  const [time, orders] = aFrame().fields;
  const mobile = { ...orders!, labels: { device: 'mobile' } };
  const split = aResult({ frames: [aFrame({ fields: [time!, mobile] })] });
  const { frame, columns } = after([windowAt(1, { mobile: 4, tablet: 2 })], { dimension: 'device' }, split);
  expect(columns.slice(1)).toEqual([
    [1.5, 4],
    [0, 2],
  ]);
  expect(frame?.fields[2]).toMatchObject({
    labels: { device: 'tablet' },
    config: { displayName: 'tablet', unit: 'currencyGBP' },
  });
});

test('a new value of one of several metrics is told with its metric, as the others are', () => {
  const [time, orders] = aFrame().fields;
  const mobile = { ...orders!, labels: { device: 'mobile' } };
  const meta = { type: 'timeseries-wide', custom: { metric: 'orders' } };
  const several = aResult({ frames: [aFrame({ name: 'Orders', fields: [time!, mobile], meta })] });
  const { frame } = after([windowAt(1, { mobile: 4, tablet: 2 })], { dimension: 'device' }, several);
  expect(frame?.fields[2]?.config.displayName).toBe('Orders · tablet');
});

test('the last window is not complete until it is final', () => {
  const incompleteFrom = (final: boolean): unknown => {
    const custom = after([windowAt(2, { all: 1 }, final)]).frame?.meta?.custom;
    return (custom as { incompleteFrom?: number } | undefined)?.incompleteFrom;
  };
  expect([incompleteFrom(false), incompleteFrom(true)]).toEqual([2 * MINUTE, undefined]);
});
