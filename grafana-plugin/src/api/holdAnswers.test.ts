import type { HeldMark, QueryResult } from '@storepulse/contracts/query';
import { firstValueFrom, of } from 'rxjs';
import { aFrame, aResult } from '../testing/fixtures';
import type { BatchedQuery } from './batchQueries';
import { type AskedAnew, HOLD_LIMITS, type HoldLimits, holdAnswers } from './holdAnswers';

const MINUTE = 60_000;
const query = (changes: object = {}): BatchedQuery => ({
  ...{ shop: 'demo', metric: 'orders', interval: '1m', range: { from: 0, to: 5 * MINUTE } },
  ...changes,
});
const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** An exporter with a number for each minute, of which those that are over can be held; `version` is what their tag is made of. */
function anExporter({ limits, takesHeld = true }: { limits?: HoldLimits; takesHeld?: boolean } = {}) {
  const state = { version: 1, valueOf: (minute: number) => minute * 10, error: false };
  const asked: BatchedQuery[] = [];
  const answer = (sent: BatchedQuery): QueryResult => {
    if (state.error) {
      return aResult({ error: { code: 'store_timeout', title: 'Slow', detail: '' } });
    }
    const { held = [] } = sent as { held?: HeldMark[] };
    const first = Math.floor(sent.range.from / MINUTE);
    const end = Math.ceil(sent.range.to / MINUTE);
    const same = held.find(({ tag }) => tag === `v${state.version}`);
    const begin = same ? Math.min(same.until / MINUTE, end - 1) : first;
    const from = same?.from ?? first * MINUTE;
    const marks = [{ from, until: (end - 1) * MINUTE, tag: `v${state.version}` }];
    const listed = minutes(begin, end);
    const [time, number] = aFrame().fields;
    const fields = [
      { ...time!, values: listed.map((minute) => minute * MINUTE) },
      { ...number!, values: listed.map(state.valueOf) },
    ];
    const custom = { numerator: listed.map(state.valueOf), denominator: listed.map(() => 1) };
    return aResult({
      frames: [aFrame({ fields, meta: { custom } })],
      meta: {
        ...aResult().meta,
        ...('held' in sent ? { held: marks } : {}),
        ...(same ? { answeredFrom: begin * MINUTE } : {}),
      },
    });
  };
  const ask = holdAnswers(
    (sent) => {
      asked.push(sent);
      return of(answer(sent));
    },
    () => takesHeld,
    limits,
  );
  const shown = async (one: BatchedQuery) => {
    const result = (await firstValueFrom(ask(one)))!;
    const [frame] = result.frames;
    return {
      values: frame?.fields[1]?.values,
      times: frame?.fields[0]?.values.map((time) => Number(time) / MINUTE),
      custom: frame?.meta?.custom,
      anew: (result.meta as Partial<AskedAnew>).anew,
      error: result.error,
    };
  };
  const heldIn = (n: number) => (asked.at(n) as { held?: HeldMark[] }).held;
  return { state, asked, shown, heldIn };
}
const moved = (by: number, changes: object = {}) =>
  query({ range: { from: by * MINUTE, to: (5 + by) * MINUTE }, ...changes });

test('a refresh asked for the whole range again: only what is not final is asked for, and the panel shows all', async () => {
  const { shown, heldIn } = anExporter();
  expect((await shown(query())).anew).toEqual({ asked: 5, shown: 5 });
  expect(heldIn(-1)).toEqual([]);
  const again = await shown(moved(1));
  expect(heldIn(-1)).toEqual([{ from: 0, until: 4 * MINUTE, tag: 'v1' }]);
  expect(again.anew).toEqual({ asked: 2, shown: 5 });
  expect(again.times).toEqual([1, 2, 3, 4, 5]);
  expect(again.values).toEqual([10, 20, 30, 40, 50]);
  // Both sides of a ratio stay beside their values.
  expect(again.custom).toEqual({ numerator: [10, 20, 30, 40, 50], denominator: [1, 1, 1, 1, 1] });
});

test('a late correction leaves no outdated figure on a panel', async () => {
  const { shown, state } = anExporter();
  await shown(query());
  state.version++;
  state.valueOf = (minute) => minute * 10 + 1;
  const corrected = await shown(moved(1));
  expect(corrected.values).toEqual([11, 21, 31, 41, 51]);
  expect(corrected.anew).toEqual({ asked: 5, shown: 5 });
  expect((await shown(moved(1))).anew).toEqual({ asked: 1, shown: 5 });
});

test('what a panel does with its values changes nothing of what is kept', async () => {
  const { shown } = anExporter();
  (await shown(query())).values!.fill(99);
  const again = await shown(query());
  expect(again.values).toEqual([0, 10, 20, 30, 40]);
  again.values!.fill(99);
  expect((await shown(query())).values).toEqual([0, 10, 20, 30, 40]);
});

test.each([
  ['groups are ranked by the whole range', { groupBy: 'country', limit: 3 }],
  ['a table is of the whole range', { format: 'table' }],
  ['a stat of all time', { interval: 'all' }],
  ['a comparison moves with the range', { compareTo: 'previous_period' }],
  ['running totals begin with the range', { cumulative: true }],
  ['a share is of all groups', { groupBy: 'country', share: true }],
  ['a rate is that of the last day', { currency: 'USD' }],
  ['several metrics have frames of their own', { metric: ['orders', 'units'] }],
  ['a heat map', { format: 'heatmap' }],
  ['a funnel', { type: 'funnel', metric: undefined }],
])('asked whole, as ever: %s', async (_why, changes) => {
  const { shown, asked } = anExporter();
  await shown(query(changes));
  await shown(query(changes));
  for (const sent of asked) {
    expect(sent).not.toHaveProperty('held');
  }
});

test('an exporter of an earlier release, which would refuse the field, is asked as ever', async () => {
  const { shown, asked } = anExporter({ takesHeld: false });
  await shown(query());
  expect(asked).toEqual([query()]);
});

test('another query, and a range elsewhere, begin with nothing; both are kept side by side', async () => {
  const { shown, heldIn } = anExporter();
  await shown(query());
  for (const other of [
    query({ interval: '5m' }),
    query({ shop: 'uk-retail' }),
    moved(50),
    query({ maxDataPoints: 9 }),
  ]) {
    await shown(other);
    expect(heldIn(-1)).toEqual([]);
  }
  await shown(query());
  expect(heldIn(-1)).toHaveLength(1);
  await shown(moved(50));
  expect(heldIn(-1)).toHaveLength(1);
});

test('a query that fails is told, and the next one is asked whole', async () => {
  const { shown, state, heldIn } = anExporter();
  await shown(query());
  state.error = true;
  expect((await shown(query())).error?.code).toBe('store_timeout');
  state.error = false;
  await shown(query());
  expect(heldIn(-1)).toEqual([]);
});

test('what is kept does not grow: the lines that were not asked for longest go first', async () => {
  const { shown, heldIn } = anExporter({ limits: { entries: 2, values: 1_000 } });
  for (const shop of ['a', 'b', 'a', 'c']) {
    await shown(query({ shop }));
  }
  await shown(query({ shop: 'a' }));
  expect(heldIn(-1)).toHaveLength(1);
  await shown(query({ shop: 'b' }));
  expect(heldIn(-1)).toEqual([]);
  const { shown: few, heldIn: heldOfFew } = anExporter({ limits: { entries: 9, values: 12 } });
  await few(query({ shop: 'a' }));
  await few(query({ shop: 'b' }));
  await few(query({ shop: 'a' }));
  expect(heldOfFew(-1)).toEqual([]);
  expect(HOLD_LIMITS).toEqual({ entries: 200, values: 200_000 });
});
