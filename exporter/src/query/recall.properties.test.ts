import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AskedQuery, catalog } from '@storepulse/contracts';
import fc from 'fast-check';
import type { MetricStore } from '../store/store.ts';
import { createChangingShop, drawn, type Step } from '../testing/changing-shop.ts';
import { DEFAULT_LIMITS } from '../work/limits.ts';
import { answerRequest } from './answer.ts';
import { createAnswering } from './answering.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 1);
/** Of all steps, those that leave most of the past alone come often. */
const steps = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: drawn.steps },
    { weight: 3, arbitrary: fc.constant<Step[]>([{ kind: 'merged', third: 3 }]) },
    { weight: 2, arbitrary: fc.constant<Step[]>([{ kind: 'time', minutes: 200 }]) },
    { weight: 1, arbitrary: fc.constant<Step[]>([{ kind: 'counted', behind: 1 }]) },
  ),
  { minLength: 2, maxLength: 8 },
);
const filters: AskedQuery['filters'] = [
  { dimension: 'country', operator: 'in', values: ['France', 'Italy'] },
];
const query: fc.Arbitrary<Partial<AskedQuery>> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ compareTo: 'previous_period' as const }) },
  )
  .chain((compared) =>
    fc
      .record(
        {
          metric: fc.constantFrom('orders', 'gross_sales', 'aov'),
          interval: fc.constantFrom('1h', '1h', '1d', 'auto', '6h', 'all'),
          groupBy: fc.constant('country'),
          filters: fc.constant(filters),
          limit: fc.constant(1),
          share: fc.constant(true),
          format: fc.constant('table' as const),
        },
        { requiredKeys: ['metric', 'interval'] },
      )
      .map((fields): Partial<AskedQuery> => ({ ...fields, ...compared })),
  );

/** An exporter that keeps what it may, over a shop that changes; it counts the windows that are read. */
function createExporter(earlier: Parameters<typeof createChangingShop>[0]) {
  const shop = createChangingShop(earlier);
  let read = 0;
  const store = new Proxy({} as MetricStore, {
    get: (_, name: keyof MetricStore) => {
      if (name === 'windows' || name === 'windowsOf') read++;
      return shop.store()[name];
    },
  });
  const answering = createAnswering({
    ...{ store, catalog, limits: DEFAULT_LIMITS, now: () => shop.world.now },
    ...{ onFailure: assert.ifError, onRefusal: () => {}, catalogVersion: 'test' },
  });
  const ask = async (fields: Partial<AskedQuery>, deps = answering.deps) => {
    const asked = { refId: 'A', shop: shop.world.shop.shop, metric: 'orders', ...fields };
    const allowance = answering.allowances.begin();
    const request = { range: { from: BEGIN, to: BEGIN + DAY }, queries: [asked] };
    const { results } = await answerRequest(request, deps, allowance);
    allowance.end();
    const { readMs: _, ...meta } = results.A!.meta;
    return { ...results.A!, meta };
  };
  return {
    apply: shop.apply,
    /** @returns what is answered from what is kept, what is answered anew, and the texts of their lists */
    both: async (fields: Partial<AskedQuery>) => {
      const before = read;
      const [given, windowsRead] = [await ask(fields), read - before];
      const anew = await ask(fields, answering.uncached);
      const lists = [given, anew].map(({ frames }) =>
        frames.flatMap((frame) => frame.fields.map((field) => field.values)),
      );
      const [texts] = lists.map((all) => all.map(answering.deps.answers.textOf));
      return { given, anew, texts, written: lists[1]!.map((list) => JSON.stringify(list)), windowsRead };
    },
    kept: answering.keptBytes.answers,
  };
}

test('an answer that is given again says what is answered anew, whatever is sold, merged, counted or changed between', async () => {
  let again = 0;
  await fc.assert(
    fc.asyncProperty(query, drawn.earlier, steps, async (fields, earlier, played) => {
      const { apply, both } = createExporter(earlier);
      for (const next of [{ kind: 'merged', third: 3 } as const, ...played.flat()]) {
        apply(next);
        for (let times = 0; times < 2; times++) {
          const { given, anew, texts, written, windowsRead } = await both(fields);
          assert.deepEqual(given, anew, JSON.stringify(next));
          assert.deepEqual(texts, written);
          if (windowsRead === 0) again++;
        }
      }
    }),
    { numRuns: 50 },
  );
  assert.ok(again > 300, `only ${again} answers were given again`);
});

test('an answer of the past is given again without reading a window, until one of its windows changes', async () => {
  const sold = (hour: number) => ({ kind: 'sold', hour, amount: 5, country: 0 }) as const;
  const { apply, both, kept } = createExporter([sold(2), sold(7), sold(30)]);
  const asked = { interval: '1h', groupBy: 'country' } as const;
  const windowsRead = async () => (await both(asked)).windowsRead;
  apply({ kind: 'merged', third: 3 });
  assert.equal(await windowsRead(), 1, 'read once');
  assert.ok(kept() > 0);
  assert.equal(await windowsRead(), 0, 'given again');
  apply(sold(36));
  assert.equal(await windowsRead(), 0, 'what is sold later changes nothing');
  apply(sold(7));
  assert.equal(await windowsRead(), 1, 'a late sale is counted');
  apply({ kind: 'merged', third: 3 });
  assert.equal(await windowsRead(), 1, 'and merged');
  assert.equal(await windowsRead(), 0, 'given again');
});

test('what is not over, and a lifetime, is read each time', async () => {
  const { apply, both, kept } = createExporter([{ kind: 'sold', hour: 2, amount: 5, country: 0 }]);
  apply({ kind: 'merged', third: 3 });
  await both({ interval: 'all' });
  assert.equal(kept(), 0);
  apply({ kind: 'counted', behind: 20 });
  await both({ interval: '1h' });
  assert.equal(kept(), 0);
});
