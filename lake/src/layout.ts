/**
 * The days that one file holds, in the shop's calendar: a day `2026-11-29`, a month `2026-11` or a year `2026`. All begin
 * with the year, so that `date LIKE '2026-11%'` finds every file of a month or a day of it.
 */
export type Period = string;

const LENGTHS = { day: 10, month: 7, year: 4 } as const;

/** The period of a kind that a day, as `YYYY-MM-DD`, lies in. */
export function periodOf(date: string, kind: keyof typeof LENGTHS): Period {
  return date.slice(0, LENGTHS[kind]);
}

/** The folder of a shop's events of one type in one period. A shop's id and a type need no escaping. */
export function folderOf(shop: string, type: string, period: Period): string {
  return `shop=${shop}/type=${type}/date=${period}`;
}

/** What a file of arrived records is named by. */
export interface ArrivedName {
  readonly shop: string;
  readonly type: string;
  readonly date: Period;
  readonly topic: string;
  readonly partition: number;
  /** Of the claim that it was written under: a former owner's late write never goes over a later owner's file. */
  readonly epoch: number;
  /** Offsets that the commit passes: the first, and the one after the last. */
  readonly from: number;
  readonly next: number;
}

const padded = (offset: number) => String(offset).padStart(16, '0');

/** Where a commit puts the records of one shop, type and day. */
export function arrivedPath({ shop, type, date, topic, partition, epoch, from, next }: ArrivedName): string {
  const name = `${topic}-${partition}-e${epoch}-${padded(from)}-${padded(next)}`;
  return `${folderOf(shop, type, date)}/${name}.parquet`;
}

/** Where a merged or rewritten file goes. @param id unique within the keeper's epoch */
export function mergedPath(shop: string, type: string, period: Period, epoch: number, id: string): string {
  return `${folderOf(shop, type, period)}/merged-e${epoch}-${id}.parquet`;
}

/** A file on its way into its folder has this ending, after a few letters of its own. */
export const PARTIAL = '.partial';
const PARTIAL_ENDING = /\.[0-9a-f]{8}\.partial$/;
const ARRIVED = /^([a-z-]+)-(\d+)-e(\d+)-(\d{16})-(\d{16})\.parquet$/;
const MERGED = /^merged-e(\d+)-[^/]+\.parquet$/;

/** What a path says of the file's origin, also while it is on its way; undefined: it is none of the lake's. */
export function originOf(
  path: string,
): { task: string; epoch: number } | { task: undefined; epoch: number } | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(PARTIAL_ENDING, '');
  const merged = MERGED.exec(name);
  if (merged) return { task: undefined, epoch: Number(merged[1]) };
  const arrived = ARRIVED.exec(name);
  return arrived ? { task: `${arrived[1]}/${arrived[2]}`, epoch: Number(arrived[3]) } : undefined;
}
