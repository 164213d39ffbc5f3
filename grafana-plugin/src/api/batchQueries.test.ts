import type { AskedQuery, QueryRequest, QueryResponse } from '@storepulse/contracts/query';
import { firstValueFrom, Observable, of, throwError } from 'rxjs';
import { aResult } from '../testing/fixtures';
import { batchQueries } from './batchQueries';

const range = { from: 0, to: 1 };
const query = (metric: string, more: object = {}) => ({ shop: 'demo', metric, range, ...more });
/** The plugin asks for metrics alone. */
const metricOf = (query: QueryRequest['queries'][number]) => `${(query as AskedQuery).metric}`;
/** Answers each query with its metric as the interval, so that answers are told apart. */
const echo = ({ queries }: QueryRequest): QueryResponse => ({
  results: Object.fromEntries(
    queries.map((query) => [
      query.refId,
      aResult({ meta: { ...aResult().meta, interval: metricOf(query) } }),
    ]),
  ),
});

function batching(
  answer: (request: QueryRequest) => Observable<QueryResponse> = (request) => of(echo(request)),
) {
  const posts: QueryRequest[] = [];
  const ask = batchQueries(
    (request) => {
      posts.push(request);
      return answer(request);
    },
    (error) => error === 'refused',
  );
  const answerOf = async (...asked: Parameters<typeof ask>) =>
    (await firstValueFrom(ask(...asked)))?.meta.interval;
  return { posts, ask, answerOf };
}

test('queries of one tick go out in one request, whatever their range, and each gets its own answer', async () => {
  const { posts, answerOf } = batching();
  const answers = await Promise.all([
    answerOf(query('orders')),
    answerOf(query('net_sales', { range: { from: 5, to: 9 }, maxDataPoints: 40 })),
  ]);
  expect(answers).toEqual(['orders', 'net_sales']);
  expect(posts).toEqual([
    {
      range,
      queries: [
        { refId: '0', ...query('orders') },
        { refId: '1', ...query('net_sales', { range: { from: 5, to: 9 }, maxDataPoints: 40 }) },
      ],
    },
  ]);
});

test('eighteen panels send one request', async () => {
  const { posts, answerOf } = batching();
  await Promise.all(Array.from({ length: 18 }, (_, n) => answerOf(query(`m${n}`))));
  expect(posts.map(({ queries }) => queries.length)).toEqual([18]);
});

test('a request asks for no more metrics than the exporter takes, however many a query has', async () => {
  const { posts, answerOf } = batching();
  const several = (n: number) => query('', { metric: Array.from({ length: 20 }, (_, m) => `m${n}-${m}`) });
  await Promise.all([
    ...[1, 2, 3].map((n) => answerOf(several(n))),
    ...[4, 5].map((n) => answerOf(query(`m${n}`))),
  ]);
  expect(posts.map(({ queries }) => queries.length)).toEqual([2, 3]);
});

test('equal queries are one, also while the answer is under way; later ones are asked anew', async () => {
  const { posts, answerOf } = batching();
  await Promise.all([answerOf(query('orders')), answerOf(query('orders'))]);
  expect(posts[0]?.queries).toHaveLength(1);
  await answerOf(query('orders'));
  expect(posts).toHaveLength(2);
});

test('what one request does not take goes into the next', async () => {
  const { posts, answerOf } = batching();
  const values = Array.from({ length: 500 }, (_, n) => `${n}`.padStart(128, 'x'));
  const large = { filters: [{ dimension: 'sku', operator: 'in', values }] };
  await Promise.all([
    ...Array.from({ length: 51 }, (_, n) => answerOf(query(`m${n}`))),
    ...[1, 2, 3, 4, 5].map((n) => answerOf(query(`large${n}`, large))),
  ]);
  expect(posts.map(({ queries }) => queries.length)).toEqual([50, 4, 2]);
  for (const post of posts) {
    expect(JSON.stringify(post).length).toBeLessThan(256 * 1_024);
  }
});

test('a request that is refused as a whole is asked query by query: one takes no other down', async () => {
  const { posts, answerOf } = batching((request) =>
    request.queries.some((query) => metricOf(query) === 'bad')
      ? throwError(() => 'refused')
      : of(echo(request)),
  );
  const answers = await Promise.allSettled(['orders', 'bad', 'units'].map((name) => answerOf(query(name))));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(posts.map(({ queries }) => queries.length)).toEqual([3, 1, 1, 1]);
});

test('what was too costly beside others is asked alone; what is too costly alone says so', async () => {
  const tooCostly = aResult({ frames: [], error: { code: 'too_costly', title: 'Too costly', detail: '' } });
  const { posts, ask } = batching((request) => {
    const { results } = echo(request);
    const isCostly = (query: QueryRequest['queries'][number]) =>
      metricOf(query) === 'huge' || (metricOf(query) === 'large' && request.queries.length > 1);
    for (const query of request.queries.filter(isCostly)) {
      results[query.refId] = tooCostly;
    }
    return of({ results });
  });
  const answers = await Promise.all(
    ['orders', 'large', 'huge'].map((name) => firstValueFrom(ask(query(name)))),
  );
  expect(answers.map((result) => result?.error?.code ?? result?.meta.interval)).toEqual([
    'orders',
    'large',
    'too_costly',
  ]);
  expect(posts.map(({ queries }) => queries.length)).toEqual([3, 1, 1]);
});

test('a failure that is not the queries’ fault is told to each, and not repeated', async () => {
  const { posts, answerOf } = batching(() => throwError(() => 'unreachable'));
  const answers = await Promise.allSettled(['a', 'b'].map((name) => answerOf(query(name))));
  expect(answers).toEqual([
    { status: 'rejected', reason: 'unreachable' },
    { status: 'rejected', reason: 'unreachable' },
  ]);
  expect(posts).toHaveLength(1);
});

test('a request is cancelled when nobody waits for any of its answers, and not before', async () => {
  let isCancelled = false;
  const { ask, posts } = batching(
    () =>
      new Observable(() => () => {
        isCancelled = true;
      }),
  );
  const first = ask(query('a')).subscribe();
  const second = ask(query('b')).subscribe();
  const unwanted = ask(query('c')).subscribe();
  unwanted.unsubscribe();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(posts[0]?.queries.map(metricOf)).toEqual(['a', 'b']);
  first.unsubscribe();
  expect(isCancelled).toBe(false);
  second.unsubscribe();
  expect(isCancelled).toBe(true);
});

test('a query that the exporter left out gets no answer, rather than none for ever', async () => {
  const { answerOf } = batching(() => of({ results: {} }));
  expect(await answerOf(query('orders'))).toBeUndefined();
});
