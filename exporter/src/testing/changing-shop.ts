import { type MetricDocument, type Shop, type ShopId, windowId } from '@storepulse/contracts';
import fc from 'fast-check';
import { createMemoryStore } from './memory-store.ts';
import { makeShop } from './shops.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 0, 1);
const HOURS = 72;
const LENGTHS = { '1h': HOUR, '1d': DAY } as const;
const COUNTRIES = ['France', 'Spain'] as const;

/** What may happen between two answers. */
export type Step =
  | { readonly kind: 'sold'; readonly hour: number; readonly amount: number; readonly country: number }
  /** Windows that begin in every third hour, or all, are merged as far as they are counted. */
  | { readonly kind: 'merged'; readonly third: number }
  | { readonly kind: 'time'; readonly minutes: number }
  /** How far behind the clock all has been counted, hours; null: a task can't tell. */
  | { readonly kind: 'counted'; readonly behind: number | null }
  | { readonly kind: 'range'; readonly hours: number; readonly endsBefore: number }
  | { readonly kind: 'shop'; readonly scale: number };

/** Now and then in hours of which something is held already. */
const hour = fc.oneof(fc.nat(HOURS - 1), fc.integer({ min: 14, max: 18 }));
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sold' as const),
      hour,
      amount: fc.integer({ min: 1, max: 900 }),
      country: fc.nat(1),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('merged' as const), third: fc.nat(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('time' as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('counted' as const),
      behind: fc.option(fc.nat(8), { freq: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('range' as const),
      hours: fc.integer({ min: 3, max: 60 }),
      endsBefore: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('shop' as const), scale: fc.constantFrom(2, 3) }),
  },
);
/** A shop whose sales are counted and merged step by step. */
export function createChangingShop(earlier: readonly Extract<Step, { kind: 'sold' }>[]) {
  const sold = [...earlier];
  const merged = new Map<string, number>();
  const world = {
    now: BEGIN + 40 * HOUR,
    behind: 0 as number | null,
    hours: 30,
    endsBefore: 0,
    shop: makeShop({ timeZone: 'UTC' }),
  };
  const windows = () => {
    const all = new Map<string, { ref: ReturnType<typeof refOf>; sold: typeof sold }>();
    for (const sale of sold)
      for (const resolution of ['1h', '1d'] as const) {
        const length = LENGTHS[resolution];
        const ref = refOf(world.shop, resolution, Math.floor((BEGIN + sale.hour * HOUR) / length) * length);
        const id = windowId(ref);
        all.set(id, { ref, sold: [...(all.get(id)?.sold ?? []), sale] });
      }
    return all;
  };
  return {
    world,
    apply(next: Step) {
      if (next.kind === 'sold') sold.push(next);
      if (next.kind === 'time') world.now += next.minutes * 60_000;
      if (next.kind === 'counted') world.behind = next.behind;
      if (next.kind === 'range') Object.assign(world, { hours: next.hours, endsBefore: next.endsBefore });
      if (next.kind === 'shop') world.shop = { ...world.shop, scale: next.scale };
      if (next.kind === 'merged')
        for (const [id, { ref, sold: all }] of windows())
          if (next.third === 3 || (ref.start / HOUR) % 3 === next.third) merged.set(id, all.length);
    },
    range: () => {
      const to = world.now - world.endsBefore * HOUR;
      return { from: to - world.hours * HOUR, to };
    },
    store() {
      const all = windows();
      const until = world.behind === null ? {} : { [world.shop.shop]: world.now - world.behind * HOUR };
      const progress = [
        { offsets: { transactions: 1 }, watermarks: until, latest: { [world.shop.shop]: world.now } },
      ];
      const documents = [...all].flatMap(([_id, { ref, sold: own }]): MetricDocument[] => {
        const version = merged.get(_id) ?? 0;
        return version === 0 ? [] : [documentOf(_id, ref, own.slice(0, version), world.now)];
      });
      const counted = new Map([...all].map(([id, { sold: own }]) => [id, own.length]));
      // Which values a shop has had at all is read from its lifetime.
      const lifetime = { ...refOf(world.shop, '1h', 0), resolution: 'all' as const };
      const whole = documentOf(windowId(lifetime), lifetime as never, sold, world.now);
      documents.push({ ...whole, end: null });
      return createMemoryStore({ shops: [world.shop], documents, counted, progress });
    },
  };
}

const refOf = ({ shop }: Shop, resolution: '1h' | '1d', start: number) => ({
  ...{ shop: shop as ShopId, group: 'sales', part: 'narrow', resolution, start: start as never, bucket: 0 },
});

function documentOf(
  _id: string,
  ref: ReturnType<typeof refOf>,
  sold: readonly Extract<Step, { kind: 'sold' }>[],
  now: number,
): MetricDocument {
  const cell = (sales: typeof sold) => ({
    orders: sales.length,
    gross_sales: sales.reduce((sum, { amount }) => sum + amount, 0),
  });
  const byCountry = COUNTRIES.map((name, n) => [name, sold.filter(({ country }) => country === n)] as const);
  const end = ref.start + (LENGTHS[ref.resolution] ?? 0);
  return {
    ...ref,
    ...{ _id, version: sold.length, final: end <= now, revision: 0, updatedAt: new Date(now) },
    ...{ start: new Date(ref.start), end: new Date(end) },
    cells: {
      total: { all: cell(sold) },
      country: Object.fromEntries(
        byCountry.flatMap(([name, own]) => (own.length > 0 ? [[name, cell(own)]] : [])),
      ),
    },
  };
}

const sale = fc.record({
  kind: fc.constant('sold' as const),
  hour,
  amount: fc.integer({ min: 1, max: 900 }),
  country: fc.nat(1),
});
/** How a changing shop begins, and what happens to it. */
export const drawn = {
  earlier: fc.array(sale, { minLength: 1, maxLength: 20 }),
  steps: fc.array(step, { minLength: 1, maxLength: 16 }),
};
