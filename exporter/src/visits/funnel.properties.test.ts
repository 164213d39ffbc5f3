import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FunnelQuery,
  mergeSessions,
  type QueryResult,
  sessionOf,
  VISIT_STEPS,
  type VisitEvent,
  type VisitStep,
} from '@storepulse/contracts';
import { anEvent } from '@storepulse/contracts/testing/events';
import fc from 'fast-check';
import { askRows } from '../testing/ask.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const shop = makeShop();
const TYPES = {
  visited: 'session_started',
  searched: 'search_performed',
  viewed: 'product_viewed',
  carted: 'cart_item_added',
  checkout: 'checkout_started',
  ordered: 'order_placed',
} as const satisfies Record<VisitStep, VisitEvent['type']>;

/** A moment of a visit, after its begin. */
interface Moment {
  readonly step: VisitStep;
  readonly after: number;
}
interface Visit {
  readonly begin: number;
  readonly device: 'mobile' | 'desktop' | null;
  readonly country: string | null;
  readonly moments: readonly Moment[];
}

// Few instants, so that steps at the same one, before and after each other all occur.
const moment = fc.record({
  step: fc.constantFrom(...VISIT_STEPS),
  after: fc.integer({ min: 0, max: 6 }).map((n) => n * 1_000),
});
const visit: fc.Arbitrary<Visit> = fc.record({
  begin: fc.integer({ min: -2, max: 26 }).map((n) => BEGIN + n * HOUR),
  device: fc.constantFrom('mobile', 'desktop', null),
  country: fc.constantFrom('France', 'Spain', null),
  moments: fc.array(moment, { maxLength: 10 }),
});
const range = { from: BEGIN, to: BEGIN + 24 * HOUR };

/** All that happened in a visit: it begins with a session_started. */
const momentsOf = ({ begin, moments }: Visit) =>
  [{ step: 'visited' as const, after: 0 }, ...moments].map(({ step, after }) => ({
    step,
    time: begin + after,
  }));

/** The visit as the processor stores it. */
function storedOf(visit: Visit) {
  const { device, country } = visit;
  const states = momentsOf(visit).map(({ step, time }, n) =>
    sessionOf(
      anEvent('session_started', {
        ...{ type: TYPES[step], eventId: `${n}`, eventTime: time, device, country, channel: 'email' },
      } as Partial<VisitEvent>) as VisitEvent,
    ),
  );
  return { ...states.reduce(mergeSessions), settled: true };
}

/** By step: the earliest instant at which the visit can have come so far, in order. By going over all its moments. */
function earliestInOrder(visit: Visit, steps: readonly VisitStep[]): (number | undefined)[] {
  const earliest: (number | undefined)[] = [];
  steps.forEach((step, i) => {
    const before = i === 0 ? Number.NEGATIVE_INFINITY : earliest[i - 1];
    const possible = momentsOf(visit).filter(
      (each) => each.step === step && before !== undefined && each.time >= before,
    );
    earliest.push(possible.length === 0 ? undefined : Math.min(...possible.map(({ time }) => time)));
  });
  return earliest;
}

/** By step: its first moment, whatever came before. */
const firstEver = (visit: Visit, steps: readonly VisitStep[]): (number | undefined)[] =>
  steps.map((step) => {
    const times = momentsOf(visit).flatMap((each) => (each.step === step ? [each.time] : []));
    // A visit begins once; further session_started events do not begin it anew.
    return step === 'visited' ? visit.begin : times.length === 0 ? undefined : Math.min(...times);
  });

function expected(visits: readonly Visit[], steps: readonly VisitStep[], open: boolean) {
  const reached = visits.map((each) => (open ? firstEver(each, steps) : earliestInOrder(each, steps)));
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return steps.map((_, i) => {
    const here = reached.filter((times) => times[i] !== undefined);
    const withStep = (step: number) => here.filter((times) => times[step] !== undefined).length;
    const before = reached.filter((times) => times[i - 1] !== undefined).length;
    return {
      visits: here.length,
      first: share(withStep(0), reached.filter((times) => times[0] !== undefined).length),
      previous: i === 0 ? null : share(withStep(i - 1), before),
      times: here
        .flatMap((times) => (i > 0 && times[i - 1] !== undefined ? [times[i]! - times[i - 1]!] : []))
        .filter((time) => time >= 0)
        .sort((a, b) => a - b),
    };
  });
}

const column = (result: QueryResult, name: string) =>
  result.frames[0]!.fields.find((field) => field.name === name)!.values;
const storeOf = (visits: readonly Visit[]) =>
  createMemoryStore({
    shops: [shop],
    documents: [],
    visits: visits.map(storedOf),
    progress: [
      {
        offsets: { transactions: 1 },
        watermarks: { [shop.shop]: BEGIN + 48 * HOUR },
        latest: { [shop.shop]: BEGIN },
      },
    ],
  });
const askFunnel = (visits: readonly Visit[], query: Omit<FunnelQuery, 'refId' | 'shop' | 'type'>) =>
  askRows(storeOf(visits), { type: 'funnel', ...query }, { range, now: BEGIN + 48 * HOUR });

/** Steps in any order that the stored moments can tell. */
const steps = fc
  .tuple(
    fc.constantFrom<VisitStep[]>(
      [],
      ['visited'],
      ['viewed'],
      ['searched'],
      ['visited', 'viewed'],
      ['visited', 'searched'],
    ),
    fc.shuffledSubarray<VisitStep>(['carted', 'checkout', 'ordered'], { minLength: 1 }),
  )
  .map(([begin, rest]) => [...begin, ...rest])
  .filter(({ length }) => length >= 2);

for (const open of [false, true]) {
  test(`${open ? 'an open' : 'a closed'} funnel is what going over all moments of each visit gives`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 12 }), steps, async (visits, steps) => {
        const result = await askFunnel(visits, { steps, open });
        const within = visits.filter(({ begin }) => range.from <= begin && begin < range.to);
        const rows = expected(within, steps, open);
        assert.deepEqual(column(result, 'step'), steps);
        assert.deepEqual(
          column(result, 'visits'),
          rows.map(({ visits }) => visits),
        );
        assert.deepEqual(
          column(result, 'conversion_from_first'),
          rows.map(({ first }) => first),
        );
        assert.deepEqual(
          column(result, 'conversion_from_previous'),
          rows.map(({ previous }) => previous),
        );
        rows.forEach(({ times }, i) => {
          const median = column(result, 'median_time_from_previous')[i] as number | null;
          if (times.length === 0) assert.equal(median, null);
          else {
            const [low, high] = [
              times[Math.floor((times.length - 1) / 2)]!,
              times[Math.ceil((times.length - 1) / 2)]!,
            ];
            assert.ok(median! >= low * 0.99 && median! <= high * 1.01, `${median} of ${times}`);
          }
        });
        assert.equal(result.meta.documents, within.length);
        assert.deepEqual(result.meta.notices, []);
      }),
    ));
}

test('groups and filters are those of the visits, by several dimensions at once', () =>
  fc.assert(
    fc.asyncProperty(fc.array(visit, { maxLength: 12 }), async (visits) => {
      const steps: VisitStep[] = ['visited', 'carted'];
      const filters = [{ dimension: 'country', operator: 'exists' as const, values: [] }];
      const result = await askFunnel(visits, { steps, groupBy: 'device', filters });
      const rows = new Map<string, number[]>();
      (column(result, 'device') as string[]).forEach((device, i) => {
        rows.set(device, [...(rows.get(device) ?? []), column(result, 'visits')[i] as number]);
      });
      for (const device of ['mobile', 'desktop', null] as const) {
        const own = visits.filter(
          (each) =>
            each.device === device &&
            each.country !== null &&
            range.from <= each.begin &&
            each.begin < range.to,
        );
        const counts = expected(own, steps, false).map(({ visits }) => visits);
        assert.deepEqual(rows.get(device ?? 'unknown'), own.length === 0 ? undefined : counts);
      }
    }),
  ));
