import type { Random } from '@storepulse/simulator/random/random';
import { localDays } from './local-day.ts';

/** An event's time, its record's own, and whether a correct reader believes it. */
export interface OddTime {
  /** What is odd about it. */
  readonly what: string;
  readonly timeZone: string;
  /** Epoch ms. */
  readonly eventTime: number;
  /** Epoch ms: when the record was sent. */
  readonly recordTime: number;
  readonly isPossible: boolean;
}

/** Zones whose clocks do what few programs expect. */
export const ZONES = [
  'Europe/London',
  'America/New_York',
  // Half an hour of daylight saving.
  'Australia/Lord_Howe',
  // Skipped 30 December 2011.
  'Pacific/Apia',
  // Sets its clocks back for Ramadan.
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'America/St_Johns',
  // Its clocks change at midnight: a day begins at one.
  'America/Asuncion',
] as const;

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What clocks may be ahead by. */
const AHEAD = 5 * MINUTE;
const EARLIEST = Date.UTC(2000, 0, 1);
/** The midnights before which a second was inserted. */
const LEAPS = [
  Date.UTC(2006, 0, 1),
  Date.UTC(2009, 0, 1),
  Date.UTC(2012, 6, 1),
  Date.UTC(2015, 6, 1),
  Date.UTC(2017, 0, 1),
];
/** Around an instant at which something changes, ms. */
const AROUND = [-1, 0, 1, 999, -30 * MINUTE, 30 * MINUTE, 60 * MINUTE - 1, 60 * MINUTE];

type Draw = (zone: string, now: number, random: Random) => Omit<OddTime, 'what' | 'timeZone'>;
const believed = (eventTime: number, recordTime: number) => ({ eventTime, recordTime, isPossible: true });
const refused = (eventTime: number, recordTime: number) => ({ eventTime, recordTime, isPossible: false });

const KINDS: readonly [string, Draw][] = [
  ['late by minutes', (_zone, now, random) => believed(now - random.integer(1, 59) * MINUTE, now)],
  ['late by days', (_zone, now, random) => believed(now - random.integer(1, 400 * DAY), now)],
  ['clock ahead within bounds', (_zone, now, random) => believed(now + random.integer(0, AHEAD), now)],
  ['clock ahead by just the bound', (_zone, now) => believed(now + AHEAD, now)],
  ['in the future by a millisecond', (_zone, now) => refused(now + AHEAD + 1, now)],
  ['in the far future', (_zone, now, random) => refused(now + AHEAD + random.integer(1, 4_000 * DAY), now)],
  ['the first instant of 2000', (_zone, now) => believed(EARLIEST, now)],
  ['before 2000', (_zone, now, random) => refused(random.integer(0, EARLIEST - 1), now)],
  [
    'around a change of the clocks',
    (zone, now, random) => believed(changeIn(zone, random) + random.pick(AROUND), now),
  ],
  ['around a leap second', (_zone, now, random) => believed(random.pick(LEAPS) + random.pick(AROUND), now)],
  [
    'around a local midnight',
    (zone, now, random) =>
      believed(localDays(zone)(now - random.integer(1, 3_000 * DAY)) + random.pick(AROUND), now),
  ],
];

/** Draws so many odd times, all kinds and zones in turn. */
export function oddTimes(count: number, now: number, random: Random): OddTime[] {
  return Array.from({ length: count }, (_, n) => {
    const [what, draw] = KINDS[n % KINDS.length]!;
    const timeZone = ZONES[n % ZONES.length]!;
    return { what, timeZone, ...draw(timeZone, now, random) };
  });
}

/** An instant between 2005 and 2024 at which a zone's clocks change, else any midnight of that time. */
function changeIn(zone: string, random: Random): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (time: number) =>
    format.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value;
  const first = Date.UTC(random.integer(2005, 2024), random.integer(0, 11), 1);
  for (let day = first; day < first + 400 * DAY; day += DAY) {
    if (offset(day) === offset(day + DAY)) continue;
    let before = day;
    let after = day + DAY;
    while (after - before > MINUTE) {
      const middle = Math.floor((before + after) / 2 / MINUTE) * MINUTE;
      if (offset(middle) === offset(day)) before = middle;
      else after = middle;
    }
    return after;
  }
  return first;
}
