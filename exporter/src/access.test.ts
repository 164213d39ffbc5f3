import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { catalog, personalFieldsOf, RECORD_KINDS, RECORDS } from '@storepulse/contracts';
import { SCOPES, type Scope } from '@storepulse/http';
import { closedRoutes, credentialAttacks, keyFolder, policyOf } from '@storepulse/http/testing/access';
import pino from 'pino';
import { createApp } from './app.ts';
import type { Depth } from './depth/depth.ts';
import { emptyDepth } from './testing/empty-depth.ts';
import { OTHER, OWN, SECRETS, storeOfTwoShops, TIME as time } from './testing/two-shops.ts';

const store = storeOfTwoShops();

const folder = keyFolder();
after(folder.remove);
const { make } = folder;
const scopes: Scope[] = ['read:personal'];
const all = await make({ scopes });
const bound = await make({ scopes, shops: [OWN] });
const expired = await make({ lastsMs: 0 });
const revoked = await make({});
await folder.keys.revoke(revoked.split('_')[1]!);
const byScope = new Map<Scope, string>();
for (const scope of Object.keys(SCOPES) as Scope[]) byScope.set(scope, await make({ scopes: [scope] }));

const lines: string[] = [];
/** Its one fact says which shop it is of. */
const depth: Depth = {
  ...emptyDepth,
  facts: async ({ shop: of }) => ({
    facts: [
      {
        ...{ time: 0, type: 'order_placed', eventId: 'e1', id: 'o1', orderId: 'o1', adds: 1 },
        dimensions: { country: of === OTHER ? 'Atlantis' : 'France' },
      },
    ],
    total: { facts: 1, value: 1 },
  }),
};
const app = await createApp({
  depth,
  ...{ store, catalog, version: '1.2.3', now: () => time + 60_000 },
  log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
  policy: policyOf({ folder: folder.folder }),
});
await app.ready();
after(() => app.close());

const range = { from: time, to: time + 3_600_000 };
const query = (shop: string) => ({
  payload: {
    range,
    queries: [{ refId: 'A', shop, metric: 'gross_sales', groupBy: 'country', format: 'table' }],
  },
});
/** For each route that asks for a scope: requests that get an answer, on any shop. A new route needs a line here. */
const SAMPLES: Record<string, (shop: string) => object> = {
  'POST /api/v1/query': query,
  'POST /api/v1/query/facts': (shop) => ({ payload: { shop, metric: 'gross_sales', range } }),
  'POST /api/v1/grafana/query': (shop) => ({
    payload: {
      queries: [
        {
          ...{ refId: 'A', range },
          query: { refId: 'A', shop, metric: 'gross_sales', groupBy: 'country', format: 'table' },
        },
      ],
    },
  }),
  'GET /api/v1/catalog': () => ({}),
  'HEAD /api/v1/catalog': () => ({}),
  'GET /api/v1/dimensions/:name/values': (shop) => ({
    url: `/api/v1/dimensions/country/values?shop=${shop}`,
  }),
  'HEAD /api/v1/dimensions/:name/values': (shop) => ({
    url: `/api/v1/dimensions/country/values?shop=${shop}`,
  }),
  'GET /api/v1/annotations': (shop) => ({ url: `/api/v1/annotations?shop=${shop}` }),
  'HEAD /api/v1/annotations': (shop) => ({ url: `/api/v1/annotations?shop=${shop}` }),
  ...Object.fromEntries(
    RECORD_KINDS.flatMap((kind) =>
      ['GET', 'HEAD'].map((method) => [
        `${method} /api/v1/${kind}`,
        (shop: string) => ({ url: `/api/v1/${kind}?shop=${shop}` }),
      ]),
    ),
  ),
  'GET /api/v1/search': (shop) => ({ url: `/api/v1/search?shop=${shop}&q=p1` }),
  'HEAD /api/v1/search': (shop) => ({ url: `/api/v1/search?shop=${shop}&q=p1` }),
  'GET /api/v1/events': (shop) => ({ url: `/api/v1/events?shop=${shop}` }),
  'HEAD /api/v1/events': (shop) => ({ url: `/api/v1/events?shop=${shop}` }),
  'GET /api/v1/events/counts': (shop) => ({ url: `/api/v1/events/counts?shop=${shop}&from=0&to=2027-01-01` }),
  'HEAD /api/v1/events/counts': (shop) => ({ url: `/api/v1/events/counts?shop=${shop}&from=0&to=now` }),
  'GET /api/v1/live/metrics': (shop) => ({
    url: `/api/v1/live/metrics?shop=${shop}&metric=gross_sales&from=0&follow=false`,
  }),
  'GET /api/v1/live/events': (shop) => ({
    url: `/api/v1/live/events?shop=${shop}&from=0&follow=false`,
  }),
  'GET /metrics': () => ({}),
  'HEAD /metrics': () => ({}),
};
const routes = closedRoutes(app);
const ask = (route: (typeof routes)[number], shop: string, headers: Record<string, string>) => {
  const { method, url } = route;
  const sample = SAMPLES[`${method} ${url}`];
  assert.ok(sample, `${method} ${url} is new: add a request that gets an answer to SAMPLES`);
  return app.inject({ method, url, ...sample(shop), headers });
};
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('every route that asks for a key keeps out who has none that is good', async () => {
  assert.ok(routes.length > 0);
  for (const route of routes) {
    for (const [attack, headers] of credentialAttacks(all, { revoked, expired })) {
      const answer = await ask(route, OWN, headers);
      assert.equal(answer.statusCode, 401, `${attack} at ${route.method} ${route.url}`);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
      if (route.method !== 'HEAD') assert.equal(answer.json().code, 'unauthorized');
    }
    for (const [scope, key] of byScope) {
      const isEnough =
        scope === route.access || scope === 'admin' || (scope === 'read:personal' && route.access === 'read');
      const { statusCode } = await ask(route, OWN, bearer(key));
      assert.equal(statusCode, isEnough ? 200 : 403, `${scope} at ${route.method} ${route.url}`);
    }
  }
});

test('whoever is bound to a shop learns nothing of another, on any route', async () => {
  for (const route of routes) {
    const other = await ask(route, OTHER, bearer(bound));
    // What was asked for may be named; what is answered must be as of a shop that there is not.
    assert.doesNotMatch(
      other.body.replaceAll(`"${OTHER}"`, '').replaceAll(`\\"${OTHER}\\"`, ''),
      SECRETS,
      route.url,
    );
    const own = await ask(route, OWN, bearer(bound));
    assert.equal(own.statusCode, 200, route.url);
    assert.doesNotMatch(own.body, SECRETS, route.url);
    const seen = await ask(route, OTHER, bearer(all));
    if (route.method !== 'HEAD') assert.match(seen.body, SECRETS, route.url);
  }
  const metrics = await ask({ method: 'GET', url: '/metrics', access: 'read' }, OWN, bearer(bound));
  assert.match(metrics.body, /storepulse_orders_total\{shop="uk-retail"\} 1\n/);
  const result = (
    await ask({ method: 'POST', url: '/api/v1/query', access: 'read' }, OTHER, bearer(bound))
  ).json();
  const none = (
    await ask({ method: 'POST', url: '/api/v1/query', access: 'read' }, 'no-shop', bearer(bound))
  ).json();
  assert.equal(result.results.A.error.detail.replace(OTHER, 'no-shop'), none.results.A.error.detail);
});

test('personal fields of records are there for who may see them alone, and nobody else may ask by them', async () => {
  const read = bearer(byScope.get('read')!);
  for (const kind of ['orders', 'reviews'] as const) {
    const personal = personalFieldsOf(RECORDS[kind]);
    for (const accept of ['application/json', 'text/csv']) {
      const ask = (headers: object) =>
        app.inject({ url: `/api/v1/${kind}?shop=${OWN}`, headers: { accept, ...headers } });
      const [seen, hidden] = [await ask(bearer(all)), await ask(read)];
      assert.equal(hidden.statusCode, 200);
      for (const field of personal) {
        assert.ok(seen.body.includes(field), `${kind} ${field}`);
        assert.ok(!hidden.body.includes(field), `${kind} ${field}`);
      }
    }
  }
  for (const url of [
    `/api/v1/orders?shop=${OWN}&customerId=ann`,
    `/api/v1/reviews?shop=${OWN}&customerId=ann`,
  ]) {
    const refused = await app.inject({ url, headers: read });
    assert.equal(refused.json().code, 'forbidden', url);
    assert.equal((await app.inject({ url, headers: bearer(all) })).statusCode, 200);
  }
});

test('a search looks through what is personal for who may see it alone', async () => {
  const url = `/api/v1/search?shop=${OWN}&q=ann`;
  const seen = (await app.inject({ url, headers: bearer(all) })).json();
  assert.deepEqual(
    seen.results.map(({ kind }: { kind: string }) => kind),
    ['customers'],
  );
  const read = bearer(byScope.get('read')!);
  const hidden = (await app.inject({ url, headers: read })).json();
  assert.deepEqual([hidden.results, hidden.searched], [[], ['orders', 'products']]);
  const order = (await app.inject({ url: `/api/v1/search?shop=${OWN}&q=o1`, headers: read })).json()
    .results[0];
  assert.equal(order.record.orderId, 'o1');
  for (const field of personalFieldsOf(RECORDS.orders)) assert.ok(!(field in order.record), field);
  for (const kind of ['customers', 'reviews']) {
    const refused = await app.inject({ url: `${url}&kinds=${kind}`, headers: read });
    assert.equal(refused.json().code, 'forbidden', kind);
  }
});

test('what is open tells nothing of a shop to who has no key, and no more than it may to who has one', async () => {
  const open = app.guarded.filter(({ access, method }) => access === 'open' && method === 'GET');
  assert.ok(open.some(({ url }) => url === '/'));
  for (const { url } of open.filter((route) => !route.url.includes('*'))) {
    const body = (await app.inject(url)).body;
    assert.doesNotMatch(body, SECRETS, url);
    assert.doesNotMatch(body, /UK Retail|1\.000/, url);
  }
  assert.match((await app.inject({ url: '/', headers: bearer(all) })).body, /UK Retail.*Secret Ltd/s);
  const own = (await app.inject({ url: '/', headers: bearer(bound) })).body;
  assert.match(own, /UK Retail/);
  assert.doesNotMatch(own, SECRETS);
});

test('each denial is one line of the audit, which names the key by its id; no line holds a key', async () => {
  lines.length = 0;
  const id = byScope.get('ingest')!.split('_')[1];
  await app.inject({ url: '/api/v1/catalog?key=secret', headers: bearer(byScope.get('ingest')!) });
  await app.inject({ url: '/api/v1/catalog', headers: bearer(revoked) });
  await app.inject({ url: '/api/v1/catalog' });
  const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'audit');
  assert.deepEqual(
    told.map(({ audit, method, route, key, reason }) => [audit, method, route, key, reason]),
    [
      ['denied', 'GET', '/api/v1/catalog', id, 'scope'],
      ['denied', 'GET', '/api/v1/catalog', revoked.split('_')[1], 'revoked'],
      ['denied', 'GET', '/api/v1/catalog', 'nobody', 'missing'],
    ],
  );
  const metrics = (await app.inject({ url: '/metrics', headers: bearer(all) })).body;
  assert.match(metrics, /storepulse_exporter_requests_denied_total\{code="unauthorized"\} [1-9]/);
  for (const key of [all, bound, revoked, expired, ...byScope.values()]) {
    const secret = key.split('_').slice(2).join('_');
    for (const text of [...lines, metrics]) assert.ok(!text.includes(secret));
  }
});

test('the OpenAPI document says which routes ask for a key, and for which scope', async () => {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json() as {
    paths: Record<string, Record<string, { security?: { bearer: string[] }[] }>>;
  };
  for (const { method, url, access } of app.guarded) {
    const described = paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    if (described === undefined) continue;
    assert.deepEqual(described.security, access === 'open' ? undefined : [{ bearer: [access] }], url);
  }
  assert.deepEqual(paths['/api/v1/query']?.post?.security, [{ bearer: ['read'] }]);
});

test('each key may ask so often a second; the other key is not held up', async () => {
  const slow = await createApp({
    ...{ store, catalog, version: '1.2.3', log: pino({ level: 'silent' }) },
    ...{ policy: policyOf({ folder: folder.folder }), requestsPerSecond: 0.001 },
  });
  const statusOf = async (key: string) =>
    (await slow.inject({ url: '/api/v1/catalog', headers: bearer(key) })).statusCode;
  assert.equal(await statusOf(all), 200);
  assert.equal(await statusOf(all), 429);
  assert.equal(await statusOf(bound), 200);
  await slow.close();
});
