import type { ZoneCalendar } from '@storepulse/contracts';
import { bucketAt, type TimeRange } from '../query/buckets.ts';
import type { Split } from '../query/split.ts';
import type { Steps } from '../work/pacer.ts';

/** All zones' days, hours and clock changes begin at multiples of it. */
const QUARTER = 900_000;
const HOUR = 4 * QUARTER;
/** Buckets of different lengths that are told by comparing; of more, a table tells them. Comparing takes half the time, `bench/depth`. */
const MOST_BRANCHES = 1_024;
/** Slots between two places to rest. */
const SLOTS_PER_STEP = 64;

/** How SQL tells the bucket of a row, and its hour and weekday. */
export interface Slots {
  /** A relation to begin with, as `name AS (…)`; undefined: none is needed. */
  readonly with: string | undefined;
  /** What is joined to the rows. */
  readonly join: string;
  /** SQL of the bucket's index. */
  readonly bucket: string;
  /** SQL of the index in `times`. */
  readonly time: string;
  /** Slots of time, as the split tells them. */
  readonly times: readonly string[];
}

/** Makes what tells the buckets, and the hours and weekdays that a split asks for. */
export function* slotsOf(
  buckets: readonly TimeRange[],
  range: TimeRange,
  split: Split,
  calendar: ZoneCalendar,
): Steps<Slots> {
  if (split.ofTime.length > 0) return yield* slotsOfTime(buckets, range, split, calendar);
  const none = { with: undefined, join: '', time: '0', times: [''] };
  if (buckets.length === 1) return { ...none, bucket: '0' };
  const width = buckets[0]!.to - buckets[0]!.from;
  const first = buckets[0]!.from;
  if (buckets.every(({ from }, i) => from === first + i * width))
    return { ...none, bucket: `(r.instant - ${first}) // ${width}` };
  if (buckets.length <= MOST_BRANCHES) return { ...none, bucket: branches(buckets, 0, buckets.length) };
  const spans = buckets.map(({ from, to }, i) => `(${i}, ${from / QUARTER}, ${to / QUARTER})`);
  return {
    ...none,
    with: `slots AS (SELECT unnest(range(a, b)) AS slot, bucket FROM (VALUES ${spans.join(', ')}) AS spans (bucket, a, b))`,
    join: ` JOIN slots ON slots.slot = r.instant // ${QUARTER}`,
    bucket: 'slots.bucket',
  };
}

/** SQL that finds a bucket by halving; buckets are in order and without holes. */
function branches(buckets: readonly TimeRange[], from: number, to: number): string {
  if (to - from === 1) return String(from);
  const middle = (from + to) >> 1;
  return `CASE WHEN r.instant < ${buckets[middle]!.from} THEN ${branches(buckets, from, middle)} ELSE ${branches(buckets, middle, to)} END`;
}

function* slotsOfTime(
  buckets: readonly TimeRange[],
  { from, to }: TimeRange,
  split: Split,
  calendar: ZoneCalendar,
): Steps<Slots> {
  const step = [from, to, ...buckets.map((bucket) => bucket.from)].every(
    (time) => calendar.localTime(time).minute === 0 && time % HOUR === 0,
  )
    ? HOUR
    : QUARTER;
  const numbers = new Map<string, number>();
  const rows: string[] = [];
  let looked = 0;
  for (let slot = Math.floor(from / step); slot * step < to; slot++) {
    if (++looked % SLOTS_PER_STEP === 0) yield;
    const bucket = buckets.length === 1 ? 0 : bucketAt(buckets, slot * step);
    const time = bucket < 0 ? undefined : split.slotOf(slot * step, calendar);
    if (time === undefined) continue;
    const number = numbers.get(time) ?? numbers.size;
    numbers.set(time, number);
    rows.push(`(${slot}, ${bucket}, ${number})`);
  }
  const values = rows.length > 0 ? rows.join(', ') : '(NULL, NULL, NULL)';
  return {
    with: `slots AS (SELECT * FROM (VALUES ${values}) AS told (slot, bucket, moment))`,
    join: ` JOIN slots ON slots.slot = r.instant // ${step}`,
    bucket: 'slots.bucket',
    time: 'slots.moment',
    times: [...numbers.keys()],
  };
}
