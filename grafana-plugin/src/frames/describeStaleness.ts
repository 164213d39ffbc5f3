import { dateTimeFormat, type QueryResultMetaNotice } from '@grafana/data';
import type { QueryResult } from '@storepulse/contracts/query';

/** What is asked, and when. */
export interface AskedRange {
  /** Epoch ms. */
  range: { from: number; to: number };
  /** Wall clock, epoch ms. */
  now: number;
  /** The reader's zone, as Grafana names it. */
  timeZone: string;
}

/** Data that is this much older than the range's end is old; less is on its way. */
const STALE_MS = 10 * 60_000;

/**
 * Says when a range ends later than what has been counted: figures at its end are missing, not zero.
 * @param meta of the answer; without its freshness nothing is known
 */
export function describeStaleness(
  { freshness, interval }: Pick<QueryResult['meta'], 'freshness' | 'interval'>,
  { range, now, timeZone }: AskedRange,
): QueryResultMetaNotice[] {
  const reached = freshness?.watermark ?? freshness?.lastEventTime;
  if (reached === undefined || reached === null) {
    return [];
  }
  const end = interval === 'all' ? now : Math.min(range.to, now);
  if (end - reached < STALE_MS) {
    return [];
  }
  const until = dateTimeFormat(reached, { timeZone });
  const whose = interval === 'all' ? 'ago' : 'before the end of the range';
  return [
    { severity: 'warning', text: `Events are counted up to ${until}, ${lengthOf(end - reached)} ${whose}.` },
  ];
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length in its greatest whole unit: `2 hours`. */
function lengthOf(ms: number): string {
  const [name, length] = UNITS.find(([, unit]) => ms >= unit) ?? UNITS[2];
  const count = Math.floor(ms / length);
  return `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`;
}
