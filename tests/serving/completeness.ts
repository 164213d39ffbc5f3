import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { api, catalog, type EventOf, parseWindowId } from '@storepulse/contracts';
import type { Database } from '@storepulse/processor/store/database';
import { anOrder, NOON, SHOP } from '@storepulse/processor/testing/events';
import { parseExposition } from '@storepulse/simulator/verify/surfaces/exposition';
import { serve } from './stage.ts';

type Order = EventOf<'order_placed'>;

const DAY = 86_400_000;
const MINUTE = 60_000;
/** The first of ten days of history; days are those of UTC. */
const BEGIN = NOON - (NOON % DAY) - 20 * DAY;
const DAYS = 10;
const RANGE = { from: BEGIN, to: BEGIN + DAYS * DAY };
const SHOPS = ['quiet', 'backlog'].map((shop) => ({ ...SHOP, shop, timeZone: 'UTC' }));

const ordersOf = (shop: string, days: readonly number[], each: number): Order[] =>
  days.flatMap((day) =>
    Array.from({ length: each }, (_, n) =>
      anOrder({
        shop,
        eventTime: BEGIN + day * DAY + n * 3 * MINUTE,
        orderId: `${shop}-${day}-${n}-${each}`,
      }),
    ),
  );
const allDays = Array.from({ length: DAYS }, (_, day) => day);

interface Answer {
  readonly values: readonly (number | null)[];
  readonly incompleteFrom: number;
  readonly warnings: number;
}

/** Counts and merges a shop's history in steps, while another shop is at rest. */
export async function answersWhatIsMerged(
  t: TestContext,
  aDatabase: () => Promise<{ database: Database; uri: string }>,
): Promise<void> {
  const { database, uri } = await aDatabase();
  let clock = NOON;
  await using stage = await serve(database, uri, catalog, SHOPS, () => clock);
  const ask = async (shop: string, fields: object = { interval: '1d' }): Promise<Answer> => {
    const { results } = await stage.ask(
      api.query({ range: RANGE, queries: [{ refId: 'A', shop, metric: 'orders', ...fields }] }),
    );
    const { error, frames, meta } = results.A!;
    assert.equal(error, undefined);
    const custom = frames[0]!.meta!.custom as { incompleteFrom?: number };
    return {
      values: frames[0]!.fields.at(-1)!.values as (number | null)[],
      incompleteFrom: custom.incompleteFrom ?? Number.POSITIVE_INFINITY,
      warnings: meta.notices.filter(({ severity }) => severity === 'warning').length,
    };
  };
  const series = async (metric: string, shop: string) =>
    parseExposition(await stage.get('/metrics')).filter(
      ({ name, labels }) => name === `storepulse_${metric}` && labels.shop === shop,
    );
  const valuesOf = async (shop: string) => {
    const { values, complete } = await stage.ask(api.dimensionValues('country', { shop }));
    return { values, complete };
  };

  // A shop of which one task alone has something; the other one has read all there is.
  await stage.count('facts/0', ordersOf('quiet', [0, DAYS - 1], 2));
  await stage.merge();
  clock += 10_000;
  await stage.heartbeat('facts/0');
  await stage.heartbeat('facts/1');
  const atRest = await ask('quiet');

  await t.test('the shop at rest has true zeros', () => {
    assert.deepEqual(atRest.values, [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    assert.equal(atRest.warnings, 0);
  });

  // The other shop's history comes: one task has counted its share of it, the other one has not begun to.
  const share = ordersOf('backlog', allDays, 3);
  await stage.count('facts/0', share);

  await t.test('nothing is known of a shop that a task may still have something of', async () => {
    const { values, incompleteFrom } = await ask('backlog');
    assert.deepEqual([values, incompleteFrom], [allDays.map(() => null), BEGIN]);
  });
  await t.test('what nothing is merged of is absent from /metrics and unknown, not zero', async () => {
    assert.deepEqual(await series('orders_total', 'backlog'), []);
    const lifetime = await ask('backlog', { interval: 'all', format: 'table' });
    assert.deepEqual(lifetime.values, [null]);
    assert.deepEqual(await valuesOf('backlog'), { values: [], complete: false });
  });

  await stage.count('facts/1', ordersOf('backlog', allDays, 4));
  const merged = new Set([0, 1, 2, 5]);
  await stage.merge((window) => {
    const { shop, resolution, start } = parseWindowId(window);
    return shop === 'backlog' && resolution === '1d' && merged.has((start - BEGIN) / DAY);
  });

  await t.test(
    'figures before the incomplete part are those that were counted, and what is not merged is no zero',
    async () => {
      const { values, incompleteFrom } = await ask('backlog');
      assert.deepEqual(values, [7, 7, 7, null, null, 7, null, null, null, null]);
      assert.equal(incompleteFrom, BEGIN + 3 * DAY);
    },
  );
  await t.test(
    'a table over windows that are not merged warns, one over merged windows does not',
    async () => {
      const table = { format: 'table' };
      const { values, warnings } = await ask('backlog', table);
      assert.deepEqual([values, warnings], [[28], 1]);
      assert.equal((await ask('backlog', { ...table, groupBy: 'country', limit: 1 })).warnings, 1);
    },
  );
  await t.test('the shop at rest is answered as before, whatever waits to be merged', async () => {
    await database.mergeProgress.insertOne({ _id: 0, behind: 50_000, updatedAt: new Date(clock) });
    assert.deepEqual(await ask('quiet'), atRest);
    assert.deepEqual((await valuesOf('quiet')).complete, true);
    assert.equal((await series('orders_total', 'quiet'))[0]!.value, 4);
    await database.mergeProgress.deleteMany({});
  });

  await stage.merge();
  await t.test('once all is merged, all of it is shown', async () => {
    // The last day goes on until the watermark has passed its end.
    const { values, warnings } = await ask('backlog');
    assert.deepEqual([values, warnings], [allDays.map(() => 7), 0]);
    assert.equal((await series('orders_total', 'backlog'))[0]!.value, 70);
    assert.deepEqual(await valuesOf('backlog'), { values: ['France'], complete: true });
  });
}
