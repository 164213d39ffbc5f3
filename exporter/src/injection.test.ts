import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { ANY_CHARACTER } from '@storepulse/contracts/testing/any-character';
import fc from 'fast-check';
import pino from 'pino';
import { createApp } from './app.ts';
import type { MetricStore } from './store/store.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { makeShop } from './testing/shops.ts';

const shop = makeShop();
const memory = createMemoryStore({ shops: [shop], documents: [] });
/** What the store was asked with, as far as it is data. */
const asked: unknown[] = [];
const store = new Proxy(memory, {
  get: (_, name: keyof MetricStore) => {
    const method = memory[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      asked.push(...args.map((arg) => withoutSignals(arg)));
      return method(...args);
    };
  },
});
const app = await createApp({
  store,
  catalog,
  version: '1',
  log: pino({ level: 'silent' }),
  now: () => 1_000_000_000_000,
});
after(() => app.close());

function withoutSignals(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof AbortSignal) return undefined;
  if (Array.isArray(value)) return value.map(withoutSignals);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSignals(each)]));
}
/** Keys of objects within, at any depth. */
function keysWithin(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(keysWithin)];
}

/** Operators of MongoDB, prototypes, and what else a text may try to be; or a value that is good. */
const hostile = fc.oneof(
  fc.constantFrom(
    '$ne',
    '$where',
    '{"$gt":""}',
    '[object Object]',
    '__proto__',
    'constructor',
    "';return true;//",
    '\u0000',
    '.*',
  ),
  fc.constantFrom({ $ne: null }, { $gt: '' }, { $where: 'sleep(1000)' }, ['$ne'], null, 1e308, true, {
    a: { $in: [] },
  }),
  fc.string({ unit: ANY_CHARACTER, maxLength: 40 }),
);
const text = hostile.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
const orGood = <T>(good: T, hostileShare: fc.Arbitrary<unknown> = hostile) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(good) }, { weight: 1, arbitrary: hostileShare });

/** A query of an address, with an operator in brackets beside its values. */
const search = (name: string, values: Record<string, unknown>) =>
  new URLSearchParams([
    ...Object.entries(values).map(([key, value]) => [key, String(value)]),
    [`${name}[$ne]`, '1'],
  ] as [string, string][]).toString();
const requests = fc.oneof(
  fc
    .record({
      shop: orGood(shop.shop, text),
      prefix: orGood('a', text),
      contains: orGood('b', text),
      filters: orGood('[]', text),
    })
    .map((values) => ({
      method: 'GET' as const,
      url: `/api/v1/dimensions/country/values?${search('shop', values)}`,
    })),
  orGood('country', text).map((name) => ({
    method: 'GET' as const,
    url: `/api/v1/dimensions/${encodeURIComponent(String(name))}/values?shop=${shop.shop}`,
  })),
  fc
    .record({ shop: orGood(shop.shop, text), from: orGood('now-1d', text), tags: orGood('release', text) })
    .map((values) => ({
      method: 'GET' as const,
      url: `/api/v1/annotations?${search('tags', values)}`,
    })),
  fc
    .record({ shop: orGood(shop.shop, text), country: orGood('France', text), cursor: text, sort: text })
    .chain((values) => fc.subarray(Object.entries(values), { minLength: 1 }))
    .map((values) => ({
      method: 'GET' as const,
      url: `/api/v1/orders?${new URLSearchParams(values as [string, string][])}`,
    })),
  fc.record({ shop: orGood(shop.shop, text), q: orGood('mug', text) }).map((values) => ({
    method: 'GET' as const,
    url: `/api/v1/search?${new URLSearchParams(values as Record<string, string>)}`,
  })),
  fc
    .record({
      refId: orGood('A'),
      shop: orGood(shop.shop),
      metric: orGood('orders'),
      groupBy: orGood('country'),
      filters: orGood(
        [],
        fc.array(
          fc.record({
            dimension: orGood('country'),
            operator: orGood('in'),
            values: orGood(['France'], fc.array(hostile)),
          }),
        ),
      ),
    })
    .map((query) => ({
      method: 'POST' as const,
      url: '/api/v1/query',
      payload: { range: { from: 0, to: 1_000_000 }, queries: [query] },
    })),
);

test('whatever a request holds, no operator reaches the store, and no answer is a fault of ours', async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      asked.length = 0;
      const { statusCode, body } = await app.inject(request);
      assert.ok(statusCode < 500, `${statusCode} ${body}`);
      reached += asked.length;
      assert.deepEqual(
        asked.flatMap(keysWithin).filter((key) => key.startsWith('$') || key === '__proto__'),
        [],
      );
    }),
    {
      numRuns: 200,
      examples: [
        [
          {
            method: 'POST',
            url: '/api/v1/query',
            payload: {
              range: { from: 0, to: 1_000_000 },
              queries: [{ refId: 'A', shop: shop.shop, metric: 'orders', groupBy: 'country' }],
            },
          },
        ],
        [{ method: 'GET', url: `/api/v1/dimensions/country/values?shop=${shop.shop}&prefix=$ne` }],
        [{ method: 'GET', url: `/api/v1/orders?shop=${shop.shop}&country=$ne&sku={"$gt":""}` }],
      ] as never,
    },
  );
  // Requests that are good reach it: what is held against it is not nothing.
  assert.ok(reached > 0);
});
