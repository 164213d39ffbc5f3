import { type DataQueryRequest, type DataQueryResponse, LoadingState } from '@grafana/data';
import type { BackendSrvRequest } from '@grafana/runtime';
import { type Observable, Subject, throwError } from 'rxjs';
import { aFrame, aQuery, aRequest, aResult } from '../testing/fixtures';
import { aDataSource, failure } from '../testing/services';
import type { StorepulseQuery } from '../types';

const MINUTE = 60_000;
const answered = ({ data }: BackendSrvRequest) => ({
  results: Object.fromEntries(data.queries.map(({ refId }: { refId: string }) => [refId, aResult()])),
});
const event = (eventId: string, eventTime: number) => ({ type: 'order_placed', eventId, eventTime });
const list = { events: [event('e-1', 2_000)], next: null, currency: 'EUR' };
const orders = (changes: Partial<StorepulseQuery> = {}) =>
  aQuery({ metric: 'orders', interval: '1m', live: true, ...changes });
const events: StorepulseQuery = {
  ...{ refId: 'A', version: 1, shop: 'demo', queryType: 'events', limit: 2, live: true },
};

/** A data source whose streams tell what is put into `lines`. */
function following(
  answer: (request: BackendSrvRequest) => object = answered,
  stream?: () => Observable<object>,
) {
  const lines = new Subject<object>();
  const source = aDataSource({
    answer: (request) => (request.method === 'POST' ? answer(request) : list),
    stream: stream ?? (() => lines),
  });
  return { ...source, lines };
}
/** Runs a request, and keeps what it gives; ends with the test. */
function run(
  datasource: ReturnType<typeof following>['datasource'],
  request: DataQueryRequest<StorepulseQuery>,
) {
  const given: DataQueryResponse[] = [];
  const subscription = datasource.query(request).subscribe((response) => given.push(response));
  return { given, subscription };
}
const settle = (ms = 300) => jest.advanceTimersByTimeAsync(ms);
const streamsIn = (sent: BackendSrvRequest[]) =>
  sent.map(({ url }) => url).filter((url) => url.includes('/live/'));
const noticesOf = ({ data }: DataQueryResponse) =>
  (data[0].meta?.notices ?? []).map(({ text }: { text: string }) => text);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a live panel has its history first, then each change of a window, and streams while it goes on', async () => {
  const { datasource, sent, lines } = following();
  const { given, subscription } = run(datasource, aRequest([orders()], { panelPluginId: 'stat' }));
  await settle();
  expect(given.map(({ state }) => state)).toEqual([LoadingState.Streaming]);
  expect(given[0]?.data[0].fields[1].values).toEqual([1.5, 2.25]);
  expect(streamsIn(sent)).toEqual([
    '/proxy/api/v1/live/metrics?shop=demo&metric=orders&resolution=1m&from=0',
  ]);
  const window = { type: 'window', id: '1', start: MINUTE, end: 2 * MINUTE, version: 2, final: false };
  lines.next({ ...window, values: { orders: { all: 4 } } });
  lines.next({ ...window, id: '2', version: 3, values: { orders: { all: 5 } } });
  await settle();
  expect(given).toHaveLength(2);
  expect(given[1]?.state).toBe(LoadingState.Streaming);
  expect(given[1]?.data[0].fields[1].values).toEqual([1.5, 5]);
  subscription.unsubscribe();
  expect(lines.observed).toBe(false);
});

test('several metrics go on together, each by its own values, in one stream', async () => {
  const { datasource, sent, lines } = following((request) => {
    const frame = (metric: string) =>
      aFrame({
        name: metric,
        fields: aFrame().fields.map((field, n) => (n === 0 ? field : { ...field, name: metric })),
        meta: { type: 'timeseries-wide', custom: { metric, shop: 'demo' } },
      });
    const { queries } = request.data;
    const results = queries.map(({ refId, metric }: { refId: string; metric: string[] }) => [
      refId,
      aResult({ frames: metric.map(frame) }),
    ]);
    return { results: Object.fromEntries(results) };
  });
  const { given, subscription } = run(datasource, aRequest([orders({ furtherMetrics: ['net_sales'] })]));
  await settle();
  expect(streamsIn(sent)).toEqual([
    '/proxy/api/v1/live/metrics?shop=demo&metric=orders&metric=net_sales&resolution=1m&from=0',
  ]);
  lines.next({
    ...{ type: 'window', id: '1', start: MINUTE, end: 2 * MINUTE, version: 2, final: false },
    values: { orders: { all: 4 }, net_sales: { all: 80.5 } },
  });
  await settle();
  const [frame] = given.at(-1)!.data;
  expect(frame.fields.map(({ name, values }: { name: string; values: number[] }) => [name, values])).toEqual([
    ['time', [0, MINUTE]],
    ['orders', [1.5, 4]],
    ['net_sales', [1.5, 80.5]],
  ]);
  subscription.unsubscribe();
});

test('the window that the range begins in moves too: of an hour that is shown by its last minutes it is the only one', async () => {
  const { datasource, sent, lines } = following();
  const { given, subscription } = run(datasource, aRequest([orders()]));
  await settle();
  // The stream tells windows that begin from then on; this one begins before the range.
  expect(streamsIn(sent)[0]).toMatch(/&from=0$/);
  lines.next({
    ...{ type: 'window', id: '1', start: 0, end: MINUTE, version: 2, final: false },
    values: { orders: { all: 9 } },
  });
  await settle();
  expect(given.at(-1)?.data[0].fields[1].values).toEqual([9, 2.25]);
  subscription.unsubscribe();
});

test('a stream that is cut off is told in a notice, goes on behind its last line, and the notice goes', async () => {
  const { datasource, sent, lines } = following();
  const { given, subscription } = run(datasource, aRequest([events]));
  await settle();
  lines.next({ type: 'event', id: '7', event: event('e-2', 3_000) });
  lines.next({ type: 'end', reason: 'shutdown', detail: 'the exporter stops', after: '7' });
  await settle();
  expect(noticesOf(given.at(-1)!)).toEqual([
    'The live stream was cut off, and is asked for again in 1 s: the exporter stops',
  ]);
  await settle(1_000);
  expect(streamsIn(sent).at(-1)).toMatch(/&after=7$/);
  lines.next({ type: 'heartbeat', id: '8', time: 0 });
  await settle();
  expect(noticesOf(given.at(-1)!)).toEqual([]);
  subscription.unsubscribe();
});

test('live events are the latest of all, each once: their buffer does not grow', async () => {
  const { datasource, lines } = following();
  const { given, subscription } = run(datasource, aRequest([events]));
  await settle();
  for (const [id, time] of [
    ['e-1', 2_000],
    ['e-3', 4_000],
    ['e-2', 3_000],
    ['e-0', 1_000],
  ] as const) {
    lines.next({ type: 'event', id, event: event(id, time) });
  }
  await settle();
  const ids = given.map(
    ({ data }) => data[0].fields.find(({ name }: { name: string }) => name === 'id').values,
  );
  expect(ids).toEqual([['e-1'], ['e-3', 'e-2']]);
  subscription.unsubscribe();
});

test('Explore’s Live follows events, whatever the query says', async () => {
  const { datasource, sent } = following();
  const { live: _live, ...still } = events;
  const request = { ...aRequest([still]), liveStreaming: true };
  const { subscription } = run(datasource, request);
  await settle();
  expect(streamsIn(sent)).toHaveLength(1);
  subscription.unsubscribe();
});

test('what can’t be followed is answered, and says why it is not live: the panel does not turn red', async () => {
  const refused = failure(400, { title: 'Not followed', detail: 'orders is over facts' });
  const { datasource } = following(answered, () => throwError(() => refused));
  const { given } = run(datasource, aRequest([orders()]));
  await settle();
  expect(given.at(-1)?.state).toBe(LoadingState.Done);
  expect(given.at(-1)?.data[0].fields[1].values).toEqual([1.5, 2.25]);
  expect(noticesOf(given.at(-1)!)).toContain('Not live: Not followed: orders is over facts.');
  const { datasource: other, sent } = following();
  const { given: table } = run(other, aRequest([orders({ format: 'table' })]));
  await settle();
  expect(noticesOf(table.at(-1)!)).toContain('Not live: a table is of the whole range.');
  expect(streamsIn(sent)).toEqual([]);
});

test('a live query beside another one waits for no end of it, and a failed one beside it stays an error', async () => {
  const { datasource, lines } = following();
  const targets = [orders(), aQuery({ refId: 'B' }), aQuery({ refId: 'C', shop: undefined })];
  const { given, subscription } = run(datasource, aRequest(targets));
  await settle();
  expect(given[0]?.data.map(({ refId }) => refId)).toEqual(['A', 'B']);
  lines.next({
    ...{ type: 'window', id: '1', start: MINUTE, end: 2 * MINUTE, version: 2, final: false },
    values: { orders: { all: 9 } },
  });
  await settle();
  expect(given.at(-1)?.errors?.map(({ refId }) => refId)).toEqual(['C']);
  expect(given.at(-1)?.data[0].fields[1].values.at(-1)).toBe(9);
  subscription.unsubscribe();
});

test('a split panel follows its dimension, and windows that have left the range are forgotten', async () => {
  const { datasource, sent, lines } = following();
  const { given, subscription } = run(datasource, aRequest([orders({ groupBy: 'device', limit: 3 })]));
  await settle();
  expect(streamsIn(sent)[0]).toMatch(/&dimension=device$/);
  for (const minute of [1, 2, 500]) {
    lines.next({
      ...{ type: 'window', id: `${minute}`, version: 1, final: true },
      ...{ start: minute * MINUTE, end: (minute + 1) * MINUTE, values: { orders: { mobile: minute } } },
    });
  }
  await settle();
  expect(given.at(-1)?.data[0].fields[0].values).toEqual([499 * MINUTE, 500 * MINUTE]);
  subscription.unsubscribe();
});

test('live events of a range that has ended, or of an exporter without streams, are listed and say why not live', async () => {
  const { datasource, sent } = following();
  const { range, ...rest } = aRequest([events]);
  const ended = { ...rest, range: { ...range, raw: { from: range.from, to: range.to } } };
  const { given } = run(datasource, ended);
  await settle();
  expect(noticesOf(given.at(-1)!)).toEqual(['Not live: the range does not end now.']);
  expect(streamsIn(sent)).toEqual([]);
  const { datasource: older } = following(answered, () => throwError(() => failure(404, '')));
  const { given: listed } = run(older, aRequest([events]));
  await settle();
  expect(listed.at(-1)?.state).toBe(LoadingState.Done);
  expect(noticesOf(listed.at(-1)!)).toEqual([expect.stringMatching(/^Not live: The address answers/)]);
});
