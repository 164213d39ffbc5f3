import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricQuery } from '@storepulse/contracts';
import { type HeldPart, heldOf, joinHeld } from '@storepulse/contracts/held';
import fc from 'fast-check';
import { ask } from '../testing/ask.ts';
import { createChangingShop, drawn, type Step } from '../testing/changing-shop.ts';

const filters: MetricQuery['filters'] = [{ dimension: 'country', operator: 'in', values: ['France'] }];
const query: fc.Arbitrary<Partial<MetricQuery>> = fc.record(
  {
    metric: fc.constantFrom('orders', 'gross_sales', 'aov'),
    interval: fc.constantFrom('1h', '1h', 'auto', '1d', '6h'),
    filters: fc.constant(filters),
  },
  { requiredKeys: ['metric', 'interval'] },
);
/** What depends on the whole range. */
const ofAll: fc.Arbitrary<Partial<MetricQuery>> = fc.constantFrom(
  { groupBy: 'country', limit: 1 },
  { cumulative: true },
  { compareTo: 'previous_period' },
  { format: 'table' },
  { interval: 'all' },
  { groupBy: 'country', share: true },
);

/** A panel that holds what it may, as the data source does. */
function createPanel(asked: Partial<MetricQuery>) {
  let held: HeldPart | undefined;
  return async (
    store: Parameters<typeof ask>[0],
    options: Parameters<typeof ask>[2] & { range: { from: number } },
  ) => {
    const result = await ask(store, { ...asked, held: [...(held?.marks ?? [])] }, options);
    const joined = joinHeld(held, result, options.range.from);
    assert.ok(joined, 'the parts fit');
    held = heldOf(joined.all);
    return { shown: joined.shown, isPart: result.meta.answeredFrom !== undefined };
  };
}

/** Plays the steps with a refresh after each. @returns how many refreshes were answered in part */
async function play(
  asked: Partial<MetricQuery>,
  earlier: Parameters<typeof createChangingShop>[0],
  steps: readonly Step[],
) {
  const { world, apply, range, store } = createChangingShop(earlier);
  const refresh = createPanel(asked);
  let parts = 0;
  for (const next of [{ kind: 'merged', third: 3 } as const, ...steps]) {
    apply(next);
    const options = { range: range(), now: world.now, maxDataPoints: 40 };
    const { shown, isPart } = await refresh(store(), options);
    const whole = await ask(store(), asked, options);
    assert.deepEqual(shown.frames, whole.frames, JSON.stringify(next));
    for (const told of ['notices', 'interval', 'resolution', 'timeZone', 'freshness'] as const)
      assert.deepEqual(shown.meta[told], whole.meta[told], told);
    if (isPart) parts++;
  }
  return parts;
}

test('whatever is corrected, merged late or moved between refreshes, a panel that holds what it may shows what a whole query answers', async () => {
  let parts = 0;
  await fc.assert(
    fc.asyncProperty(query, drawn.earlier, drawn.steps, async (asked, earlier, steps) => {
      parts += await play(asked, earlier, steps);
    }),
    { numRuns: 120 },
  );
  assert.ok(parts > 100, `only ${parts} refreshes were answered in part`);
});

test('what depends on the whole range is never answered in part', async () => {
  await fc.assert(
    fc.asyncProperty(ofAll, drawn.earlier, drawn.steps, async (fields, earlier, steps) => {
      const asked = { metric: 'orders', interval: '1h', ...fields } as const;
      assert.equal(await play(asked, earlier, steps), 0);
    }),
    { numRuns: 30 },
  );
});
