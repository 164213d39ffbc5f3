import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { anOrder } from '@storepulse/contracts/testing/events';
import { OWN, TIME } from '@storepulse/exporter/testing/two-shops';
import type { App } from '@storepulse/http';
import { bearer } from '../support/keys.ts';
import { openParts } from '../support/parts.ts';
import type { Item } from './item.ts';

const MB = 1_024 * 1_024;
const JSON_TYPE = { 'content-type': 'application/json' };
/** What is too much is said to be so. */
const REFUSALS = [400, 413, 414, 429];

/** More than a request may ask for, or send. */
export const resources: Item = {
  id: 'API4',
  name: 'unrestricted resource consumption',
  *trials({ apps, keys }) {
    const headers = { ...bearer(keys.admin), ...JSON_TYPE };
    const query = { refId: 'A', shop: OWN, metric: 'orders' };
    const range = { from: 0, to: 1_000_000 };
    const bodies: [
      what: string,
      app: App,
      method: 'POST' | 'PUT',
      url: string,
      body: string | Buffer,
      more?: object,
    ][] = [
      [
        'a megabyte',
        apps.exporter,
        'POST',
        '/api/v1/query',
        JSON.stringify({ range, queries: [query], a: 'x'.repeat(MB) }),
      ],
      [
        '51 queries',
        apps.exporter,
        'POST',
        '/api/v1/query',
        JSON.stringify({ range, queries: Array(51).fill(query) }),
      ],
      [
        'a billion points',
        apps.exporter,
        'POST',
        '/api/v1/query',
        JSON.stringify({ range, queries: [query], maxDataPoints: 1e9 }),
      ],
      [
        'a billion groups',
        apps.exporter,
        'POST',
        '/api/v1/query',
        JSON.stringify({ range, queries: [{ ...query, limit: 1e9 }] }),
      ],
      [
        '11 filters',
        apps.exporter,
        'POST',
        '/api/v1/query',
        JSON.stringify({
          range,
          queries: [{ ...query, filters: Array(11).fill({ dimension: 'country', operator: 'exists' }) }],
        }),
      ],
      [
        'lists 50,000 deep',
        apps.exporter,
        'POST',
        '/api/v1/query',
        `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      ],
      [
        'six megabytes',
        apps.collector,
        'POST',
        '/v1/events',
        JSON.stringify({ ...anOrder({ eventTime: TIME }), note: 'x'.repeat(6 * MB) }),
      ],
      [
        'a gzip of 50 megabytes',
        apps.collector,
        'POST',
        '/v1/events',
        gzipSync(Buffer.alloc(50 * MB)),
        { 'content-encoding': 'gzip' },
      ],
      ['5,001 events', apps.collector, 'POST', '/v1/events', JSON.stringify(Array(5_001).fill({}))],
      ['objects 30 deep', apps.collector, 'POST', '/v1/events', `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`],
      [
        '5,001 rows',
        apps.collector,
        'POST',
        `/v1/import?shop=${OWN}`,
        JSON.stringify(Array(5_001).fill({ InvoiceNo: '1' })),
      ],
      ['five megabytes', apps.simulator, 'POST', '/v1/run', JSON.stringify({ seed: 'x'.repeat(5 * MB) })],
      ['a billion events a second', apps.simulator, 'PUT', '/v1/rate', JSON.stringify({ rate: 1e9 })],
      [
        '101 shops',
        apps.simulator,
        'POST',
        '/v1/run',
        JSON.stringify({ shops: Array(101).fill({ shop: 'a', market: 'gb' }) }),
      ],
    ];
    for (const [what, app, method, url, payload, more = {}] of bodies)
      yield {
        what: `${what} sent to ${method} ${url}`,
        run: async () => {
          const { statusCode } = await app.inject({ method, url, payload, headers: { ...headers, ...more } });
          assert.ok(REFUSALS.includes(statusCode), `${statusCode}`);
        },
      };
    const addresses = [
      `/api/v1/orders?shop=${OWN}&limit=1000000`,
      `/api/v1/search?shop=${OWN}&q=${'x'.repeat(5_000)}`,
      `/api/v1/catalog?${'x'.repeat(9_000)}`,
      `/api/v1/dimensions/${'x'.repeat(500)}/values?shop=${OWN}`,
      `/api/v1/dimensions/country/values?shop=${OWN}&limit=1000000`,
      `/api/v1/annotations?shop=${OWN}&limit=100000`,
      `/api/v1/events?shop=${OWN}&limit=100000`,
    ];
    for (const url of addresses)
      yield {
        what: `GET ${url.slice(0, 80)}`,
        run: async () => {
          const { statusCode } = await apps.exporter.inject({ url, headers });
          assert.ok(REFUSALS.includes(statusCode), `${statusCode}`);
        },
      };
    yield {
      what: 'a century in steps of ten seconds',
      run: async () => {
        const payload = { range: { from: 0, to: 4e12 }, queries: [{ ...query, interval: '10s' }] };
        const answer = await apps.exporter.inject({ method: 'POST', url: '/api/v1/query', payload, headers });
        assert.match(answer.body, /"code":"too_many_points"/);
      },
    };
  },
};

/** Ways to seem somebody else. */
const DISGUISES: Record<string, string>[] = [
  {},
  { 'x-forwarded-for': '10.1.2.3' },
  { forwarded: 'for=10.1.2.3' },
  { 'x-real-ip': '10.1.2.3' },
  { 'cf-connecting-ip': '10.1.2.3' },
  { 'user-agent': 'somebody else' },
  { 'x-api-key': 'another' },
  { cookie: 'session=another' },
  { 'x-forwarded-host': 'elsewhere' },
  { 'idempotency-key': 'another' },
];

/** A caller who asks more than it may, and hides who it is. */
export const flows: Item = {
  id: 'API6',
  name: 'unrestricted access to sensitive business flows',
  async *trials({ keys }) {
    await using slow = await openParts({
      policy: keys.policy,
      requestsPerSecond: 0.001,
      eventsPerSecond: 0.001,
    });
    const { exporter, collector, simulator } = slow.apps;
    const headers = { ...bearer(keys.admin), ...JSON_TYPE };
    const flow = {
      events: () => ({
        app: collector,
        method: 'POST',
        url: '/v1/events',
        payload: JSON.stringify(anOrder({ shop: OWN, eventTime: TIME })),
      }),
      figures: () => ({ app: exporter, method: 'GET', url: '/api/v1/catalog' }),
      steering: () => ({ app: simulator, method: 'PUT', url: '/v1/rate', payload: '{"rate":1}' }),
    } as const;
    for (const [name, request] of Object.entries(flow)) {
      const { app, ...first } = request();
      assert.equal(
        (await app.inject({ ...first, headers })).statusCode,
        200,
        `${name}: the first is let through`,
      );
      for (const disguise of DISGUISES)
        yield {
          what: `${name} sent again with ${JSON.stringify(disguise)}`,
          run: async () => {
            const { app: _same, ...again } = request();
            const answer = await app.inject({ ...again, headers: { ...headers, ...disguise } });
            assert.equal(answer.statusCode, 429);
            assert.ok(Number(answer.headers['retry-after']) >= 1);
          },
        };
    }
  },
};
