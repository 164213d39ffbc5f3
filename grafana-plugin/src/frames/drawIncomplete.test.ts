import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';
import { drawIncomplete } from './drawIncomplete';

const PALETTE = ['red', 'green', 'blue'];
const frame = (refId: string, incompleteFrom: number | undefined, ...lines: Array<Array<number | null>>) =>
  createDataFrame({
    name: refId,
    refId,
    fields: [
      { name: 'time', type: FieldType.time, values: [0, 10, 20, 30], config: {} },
      ...lines.map((values, n) => ({
        name: `n${n}`,
        type: FieldType.number,
        values,
        config: { displayNameFromDS: `Line ${n}`, unit: 'short' },
      })),
    ],
    meta: { custom: { incompleteFrom }, notices: [{ severity: 'info', text: 'still filling' }] },
  });
const lines = ({ fields }: DataFrame) => fields.slice(1).map(({ values }) => values);

test('a line keeps its complete buckets, and a dashed one goes on from its last point: it does not plunge', () => {
  const [solid, dashed] = drawIncomplete([frame('A', 30, [5, 6, 7, 1])], PALETTE);
  expect(lines(solid!)).toEqual([[5, 6, 7, null]]);
  expect(lines(dashed!)).toEqual([[null, null, 7, 1]]);
  expect(dashed!.fields[1]!.config).toMatchObject({
    displayNameFromDS: 'Line 0 (incomplete)',
    unit: 'short',
    color: { mode: 'fixed', fixedColor: 'red' },
    custom: { lineStyle: { fill: 'dash' }, hideFrom: { legend: true, viz: false } },
  });
});

test('each dashed line has the colour of its own, over all queries of the panel', () => {
  const drawn = drawIncomplete(
    [frame('A', undefined, [1, 1, 1, 1]), frame('B', 20, [2, 2, 2, 2], [3, 3, 3, 3])],
    PALETTE,
  );
  expect(drawn.map(({ name }) => name)).toEqual(['A', 'B', 'B (incomplete)']);
  expect(drawn[2]!.fields.slice(1).map(({ config }) => config.color?.fixedColor)).toEqual(['green', 'blue']);
});

test('without a complete bucket the whole line is dashed', () => {
  const [solid, dashed] = drawIncomplete([frame('A', 0, [5, 6, 7, 1])], PALETTE);
  expect(lines(solid!)).toEqual([[null, null, null, null]]);
  expect(lines(dashed!)).toEqual([[5, 6, 7, 1]]);
});

test('what is complete, or incomplete only after its end, stays as it is', () => {
  for (const from of [undefined, 40]) {
    const complete = frame('A', from, [5, 6, 7, 1]);
    expect(drawIncomplete([complete], PALETTE)).toEqual([complete]);
  }
});

test('what is not complete is not stacked on what is: its first bucket would count twice', () => {
  const [solid, dashed] = drawIncomplete([frame('A', 30, [5, 6, 7, 1])], PALETTE);
  expect(solid!.fields[1]!.config.custom).toBeUndefined();
  expect(dashed!.fields[1]!.config.custom).toMatchObject({ stacking: { mode: 'none' } });
});

test('a remark is told once', () => {
  const notices = drawIncomplete([frame('A', 30, [5, 6, 7, 1])], PALETTE).map(
    ({ meta }) => meta?.notices?.length,
  );
  expect(notices).toEqual([1, 0]);
});
