import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  catalog,
  type EpochMs,
  type MetricDocument,
  type Shop,
  type ShopId,
  windowId,
  zoneCalendar,
} from '@storepulse/contracts';
import fc from 'fast-check';
import { ask, numbers } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 0, 1);
const HOURS = 24;
const NOW = BEGIN + 40 * HOUR;
const OTHER = 'other-shop';

/** The hours in which orders were placed, by commit; how much of each window is merged is drawn apart. */
const history = fc.record({
  commits: fc.array(fc.array(fc.nat(HOURS - 1), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 8,
  }),
  /** By window, in turn: after which commit it was merged last; 0: never. */
  merged: fc.array(fc.nat(8), { minLength: 1, maxLength: 40 }),
  /** Everything before it has been counted. */
  until: fc.integer({ min: 0, max: HOURS * 6 }).map((n) => BEGIN + n * 600_000),
});
interface History {
  readonly commits: readonly (readonly number[])[];
  readonly merged: readonly number[];
}

/** The hours and the day as far as each was merged, and how much of each was counted: a commit's number is its `seq`. */
function stateOf({ shop }: Shop, { commits, merged }: History) {
  const documents: MetricDocument[] = [];
  const counted = new Map<string, number>();
  const add = (resolution: '1h' | '1d', start: number, isIn: (hour: number) => boolean) => {
    const ref = {
      shop: shop as ShopId,
      group: 'sales',
      part: 'narrow',
      resolution,
      start: start as EpochMs,
      bucket: 0,
    };
    const _id = windowId(ref);
    const versionAfter = (n: number) => commits.slice(0, n).findLastIndex((hours) => hours.some(isIn)) + 1;
    if (versionAfter(commits.length) === 0) return;
    const upTo = Math.min(merged[counted.size % merged.length]!, commits.length);
    counted.set(_id, versionAfter(commits.length));
    const version = versionAfter(upTo);
    if (version === 0) return;
    const orders = commits.slice(0, upTo).flat().filter(isIn).length;
    documents.push({
      ...ref,
      ...{ _id, version, final: false, revision: 0, updatedAt: new Date(NOW) },
      start: new Date(start),
      end: new Date(start + (resolution === '1h' ? HOUR : HOURS * HOUR)),
      cells: { total: { all: { orders } } },
    });
  };
  for (let hour = 0; hour < HOURS; hour++) add('1h', BEGIN + hour * HOUR, (other) => other === hour);
  add('1d', BEGIN, () => true);
  return { documents, counted };
}

const series = { metric: 'orders', interval: '1h' } as const;
const options = { range: { from: BEGIN, to: BEGIN + HOURS * HOUR }, now: NOW };

test('whatever is merged, a number before the incomplete part is the one that was counted', async () => {
  const shop = makeShop({ timeZone: 'UTC' });
  await fc.assert(
    fc.asyncProperty(history, async (drawn) => {
      const progress = [
        {
          offsets: { transactions: 1 },
          watermarks: { [shop.shop]: drawn.until },
          latest: { [shop.shop]: BEGIN + HOURS * HOUR },
        },
      ];
      const store = createMemoryStore({ shops: [shop], ...stateOf(shop, drawn), progress });
      const result = await ask(store, series, options);
      const { incompleteFrom = Number.POSITIVE_INFINITY } = result.frames[0]!.meta!.custom as {
        incompleteFrom?: number;
      };
      numbers(result).forEach((value, i) => {
        const start = BEGIN + i * HOUR;
        if (value === null || start >= incompleteFrom) return;
        assert.equal(value, drawn.commits.flat().filter((hour) => hour === i).length, `hour ${i}`);
      });
    }),
    { numRuns: 50 },
  );
});

test('whatever of another shop is merged, the answer about a shop stays the same', async () => {
  const shop = makeShop({ timeZone: 'UTC' });
  const other = makeShop({ shop: OTHER, timeZone: 'UTC' });
  const own = stateOf(shop, { commits: [[0]], merged: [1] });
  const answer = async (theirs: ReturnType<typeof stateOf>, behind: number) => {
    const store = createMemoryStore({
      shops: [shop, other],
      documents: [...own.documents, ...theirs.documents],
      counted: new Map([...own.counted, ...theirs.counted]),
      merging: [{ behind, updatedAt: new Date(NOW) }],
    });
    const { frames, meta } = await ask(store, series, options);
    return { frames, notices: meta.notices };
  };
  const alone = await answer({ documents: [], counted: new Map() }, 0);
  await fc.assert(
    fc.asyncProperty(history, fc.nat(100_000), async (drawn, behind) => {
      assert.deepEqual(await answer(stateOf(other, drawn), behind), alone);
    }),
    { numRuns: 25 },
  );
});

test('days of a zone are judged by their own ends', async () => {
  const shop = makeShop({ timeZone: 'Asia/Tokyo' });
  const calendar = zoneCalendar(shop.timeZone);
  const day = calendar.dayStart(BEGIN);
  const documents = documentsOf(catalog, shop, [{ time: BEGIN, adds: { orders: 1 } }], ['1d']);
  const counted = new Map(documents.map(({ _id }) => [_id, 5]));
  const asked = async (until: number) => {
    const progress = [
      {
        offsets: { transactions: 1 },
        watermarks: { [shop.shop]: until },
        latest: { [shop.shop]: until },
      },
    ];
    const store = createMemoryStore({ shops: [shop], documents, counted, progress });
    const table = { metric: 'orders', format: 'table' } as const;
    const range = { from: day, to: calendar.dayEnd(day) };
    const { notices } = (await ask(store, table, { range, now: NOW })).meta;
    return notices.filter(({ severity }) => severity === 'warning').length;
  };
  assert.equal(await asked(calendar.dayEnd(day)), 1, 'it has ended and lacks something');
  assert.equal(await asked(calendar.dayEnd(day) - 1), 0, 'it is still filling');
});
