import { EARLIEST_EVENT_TIME, type ZoneCalendar } from '../time.ts';
import { DATE_ORDERS, type DateOrder } from './form.ts';

/** A date and time as written: parts, and not yet an instant. */
interface Written {
  /** The three numbers of the date in their order in the text, or year, month and day when that is plain. */
  readonly date: readonly [number, number, number];
  /** In what order they are; null: that is not plain. */
  readonly order: 'ymd' | null;
  /** The year is told with two digits, and may stand first or last. */
  readonly short: boolean;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** Minutes ahead of UTC; null: the shop's wall time. */
  readonly offset: number | null;
}

const NUMBERS = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:(?:[ T]+|, *)(.+))?$/;
const DAY_MONTH_NAME = /^(\d{1,2})[- ]([A-Za-z]{3,9})\.?,?[- ](\d{4}|\d{2})(?:(?:[ T]+|, *)(.+))?$/;
const MONTH_NAME_DAY = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})(?:(?:[ T]+|, *)(.+))?$/;
const TIME =
  /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([ap])\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Two digits of a year from here on are of the last century, as spreadsheets have it. */
const LAST_CENTURY = 69;

/** Reads a date and time to epoch ms; null when the text is none that the calendar has. */
export type TimeReader = (text: string) => number | null;

/**
 * Makes a reader of dates and times. A date alone is the beginning of its day; without an offset the time is the
 * shop's wall time. Rows of one invoice carry the same text, so the last answer is kept.
 * @param order how to read dates of numbers whose year does not come first with four digits
 */
export function createTimeReader(calendar: ZoneCalendar, order: DateOrder | null): TimeReader {
  let lastText = '';
  let lastTime: number | null = null;
  return (text) => {
    if (text !== lastText) {
      lastText = text;
      lastTime = read(text, calendar, order);
    }
    return lastTime;
  };
}

function read(text: string, calendar: ZoneCalendar, fileOrder: DateOrder | null): number | null {
  const written = parse(text);
  const order = written?.order ?? fileOrder;
  const date = written && order && dateOf(written, order);
  if (!date) return null;
  const { hour, minute, second, ms, offset } = written;
  const [year, month, day] = date;
  if (offset === null) return calendar.instant(year, month, day, hour, minute, second) + ms;
  return Date.UTC(year, month - 1, day, hour, minute - offset, second, ms);
}

/** What a file's dates tell of their order. */
export interface DateOrderEvidence {
  /** Takes one date of the file. */
  add(text: string, line: number): void;
  /**
   * The order: null when no date needs one; otherwise the one by which all dates that can be dates are such, or a
   * text that says why there is no single one.
   */
  settle(): DateOrder | null | { readonly unclear: string };
}

/**
 * Gathers what dates tell of their order: 13/04/2011 is day first, and a year of two digits is none of the future.
 * @param now epoch ms
 */
export function createDateOrderEvidence(now: number): DateOrderEvidence {
  let possible: readonly DateOrder[] = DATE_ORDERS;
  const examples = new Map<string, { readonly text: string; readonly line: number }>();
  /** Pairs of orders by which some date of the file is another day. */
  const differing = new Set<string>();
  let conflict: string | undefined;
  let settledBy: { readonly text: string; readonly line: number } | undefined;
  let lastText = '';

  return {
    add: (text, line) => {
      if (text === lastText || conflict !== undefined) return;
      lastText = text;
      const written = parse(text);
      if (!written || written.order !== null) return;
      const dates = new Map(
        DATE_ORDERS.flatMap((order) => {
          const date = dateOf(written, order);
          const future = written.short && date !== null && Date.UTC(date[0], date[1] - 1, date[2] - 1) > now;
          return date === null || future ? [] : [[order, date.join('-')] as const];
        }),
      );
      if (dates.size === 0) return;
      const left = possible.filter((order) => dates.has(order));
      if (left.length === 0) {
        const before = settledBy ?? { text: '', line: 0 };
        conflict = `line ${line} (${text}) and line ${before.line} (${before.text}) can't be of one order`;
        return;
      }
      if (left.length < possible.length) settledBy = { text, line };
      possible = left;
      for (const [a, dateA] of dates) {
        for (const [b, dateB] of dates) {
          if (dateA !== dateB) differing.add(`${a} ${b}`);
          if (dateA !== dateB && !examples.has(`${a} ${b}`)) examples.set(`${a} ${b}`, { text, line });
        }
      }
    },
    settle: () => {
      if (conflict !== undefined) return { unclear: conflict };
      if (settledBy === undefined && examples.size === 0) return possible.length === 3 ? null : possible[0]!;
      const [first, ...others] = possible;
      const other = others.find((order) => differing.has(`${first} ${order}`));
      if (other === undefined) return first!;
      const { text, line } = examples.get(`${first} ${other}`)!;
      return {
        unclear: `"${text}" in line ${line} may be ${possible.map((order) => isoDate(text, order)).join(' or ')}`,
      };
    },
  };
}

/** The day that a date of numbers is, read in that order. */
function isoDate(text: string, order: DateOrder): string {
  const [year, month, day] = dateOf(parse(text)!, order)!;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')} (${order})`;
}

/** Year, month and day, when there is such a day since 2000. */
function dateOf(
  { date: [a, b, c], order, short }: Written,
  read: DateOrder,
): readonly [number, number, number] | null {
  if (order === null && !short && read === 'ymd') return null;
  const [year, month, day] = (order ?? read) === 'ymd' ? [a, b, c] : read === 'dmy' ? [c, b, a] : [c, a, b];
  const full = order === null && short ? fullYear(year) : year;
  const time = Date.UTC(full, month - 1, day);
  const exists = new Date(time).getUTCMonth() === month - 1 && new Date(time).getUTCDate() === day;
  // A day before, since a zone ahead of UTC has its first day earlier.
  return exists && time >= EARLIEST_EVENT_TIME - 86_400_000 ? [full, month, day] : null;
}

const fullYear = (year: number) => (year >= 100 ? year : year < LAST_CENTURY ? 2000 + year : 1900 + year);

function parse(text: string): Written | null {
  const written = parseNumbers(text) ?? parseNames(text);
  if (!written) return null;
  const time = parseTime(written.time);
  return time && { ...written, ...time };
}

type WrittenDate = Pick<Written, 'date' | 'order' | 'short'> & { readonly time: string | undefined };

function parseNumbers(text: string): WrittenDate | null {
  const match = NUMBERS.exec(text);
  if (!match) return null;
  const [, a, , b, c, time] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  const date = [Number(a), Number(b), Number(c)] as const;
  if (a.length === 4 && c.length <= 2) return { date, order: 'ymd', short: false, time };
  if (a.length > 2 || (c.length !== 4 && c.length !== 2)) return null;
  return { date, order: null, short: c.length === 2, time };
}

function parseNames(text: string): WrittenDate | null {
  const dayFirst = DAY_MONTH_NAME.exec(text);
  const match = dayFirst ?? MONTH_NAME_DAY.exec(text);
  if (!match) return null;
  const [, first, second, year, time] = match as unknown as [
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  const [day, name] = dayFirst ? [first, second] : [second, first];
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  if (month === 0) return null;
  return { date: [fullYear(Number(year)), month, Number(day)], order: 'ymd', short: false, time };
}

type WrittenTime = Pick<Written, 'hour' | 'minute' | 'second' | 'ms' | 'offset'>;

function parseTime(text: string | undefined): WrittenTime | null {
  if (text === undefined) return { hour: 0, minute: 0, second: 0, ms: 0, offset: null };
  const match = TIME.exec(text.trim());
  if (!match) return null;
  const [, hours, minutes, seconds = '0', fraction = '0', half, zone] = match;
  const clock = Number(hours);
  if (half !== undefined && (clock < 1 || clock > 12)) return null;
  const hour = half === undefined ? clock : (clock % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const [minute, second] = [Number(minutes), Number(seconds)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Math.floor(Number(`0.${fraction}`) * 1_000);
  return { hour, minute, second, ms, offset: offsetOf(zone) };
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
