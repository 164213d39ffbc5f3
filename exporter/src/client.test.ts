import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type ApiCall, ApiError, api, type LiveCall, overFetch, RECORD_KINDS } from '@storepulse/contracts';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { appOver } from './testing/app.ts';
import { emptyDepth } from './testing/empty-depth.ts';
import { OWN, storeOfTwoShops, TIME } from './testing/two-shops.ts';

const app = await appOver(storeOfTwoShops(), TIME + 60_000, emptyDepth);
await app.ready();
after(() => app.close());

const shop = OWN;
/** Each call of the client, with each kind of parameter in it. */
const CALLS: readonly ApiCall<unknown>[] = [
  api.catalog(),
  api.query({ range: { from: TIME, to: 'now' }, queries: [{ refId: 'A', shop, metric: 'orders' }] }),
  api.grafanaQuery({
    queries: [
      { refId: 'A', query: { refId: 'A', shop, metric: 'orders' }, range: { from: TIME, to: TIME + 60_000 } },
    ],
  }),
  api.queryFacts({ shop, metric: 'aov', part: 'orders', range: { from: TIME, to: 'now' }, limit: 5 }),
  api.dimensionValues('country', {
    ...{ shop, contains: 'Fr & a', limit: 5 },
    filters: [{ dimension: 'country', operator: 'in', values: ['France', 'Côte d’Ivoire'] }],
  }),
  api.annotations({ shop, from: TIME - 1, to: 'now', tags: ['release', 'web'], limit: 3 }),
  api.records('orders', {
    shop,
    minTotal: 0.5,
    country: ['France', 'Spain'],
    sort: '-total',
    from: 'now-7d',
  }),
  ...RECORD_KINDS.map((kind) => api.records(kind, { shop, limit: 1 })),
  api.search({ shop, q: 'p1', kinds: ['orders', 'products'] }),
  api.eventCounts({ shop, from: TIME, to: TIME + 60_000 }),
  api.events({ shop, type: ['order_placed'], notCountry: ['Spain'], sort: 'eventTime' }),
];
const STREAMS: readonly LiveCall<unknown>[] = [
  api.liveMetrics({ shop, metric: ['orders', 'units'], from: 0, follow: false }),
  api.liveEvents({ shop, from: 0, follow: false, device: ['mobile'] }),
];

type Operation = { responses: Record<string, { content: Record<string, { schema: TSchema }> }> };
const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> };
const routes = Object.keys(paths).filter((path) => path.startsWith('/api/v1/'));
const routeOf = ({ path }: ApiCall<unknown>) => {
  const { pathname } = new URL(path, 'http://exporter/api/v1/');
  return routes.find((route) => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))!;
};

test('the client has a call for each route of the API, and none for anything else', () => {
  const called = new Set([...CALLS, ...STREAMS].map(routeOf));
  assert.deepEqual([...called].sort(), routes.sort());
});

test('the exporter takes each call, and answers what the call says', async () => {
  for (const call of CALLS) {
    const { method, path, body } = call;
    const answer = await app.inject({ method, url: `/api/v1/${path}`, payload: body as object });
    assert.equal(answer.statusCode, 200, `${path}: ${answer.body}`);
    const { schema } =
      paths[routeOf(call)]![method.toLowerCase()]!.responses['200']!.content['application/json']!;
    assert.ok(Value.Check(resolve(schema), answer.json()), path);
  }
  for (const { path } of STREAMS) {
    const answer = await app.inject(`/api/v1/${path}`);
    assert.equal(answer.statusCode, 200, `${path}: ${answer.body}`);
  }
});

/** Schemas that are named elsewhere in the document put in place. */
function resolve(schema: TSchema): TSchema {
  const { $ref } = schema as { $ref?: string };
  if ($ref === undefined) return schema;
  const { components } = app.swagger() as unknown as { components: { schemas: Record<string, TSchema> } };
  return components.schemas[$ref.split('/').at(-1)!]!;
}

test('a refusal is told with the code and the words of the exporter', async () => {
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = overFetch({ fetch, url });
  const { shops } = await ask(api.catalog());
  assert.ok(shops.some((each) => each.shop === shop));
  const refused = ask(api.records('orders', { shop: 'no-shop' }));
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.problem?.code], [404, 'unknown_shop']);
    assert.match(error.message, /no-shop/);
    return true;
  });
});
