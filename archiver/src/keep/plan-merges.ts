import { type Period, periodOf } from '@storepulse/lake';
import type { LakeFile } from '@storepulse/lake/manifest';

/** Files that become one. */
export interface Merge {
  readonly shop: string;
  readonly type: string;
  readonly period: Period;
  readonly inputs: readonly LakeFile[];
}

/** Files of a running day are merged once so many of one size class have come. */
export const FAN_IN = 32;
/** A month or year that still grows is written anew each day while it is at most this part of a full file. */
const GROWING_PART = 1 / 8;

/**
 * What to merge. Of a running day, as many small files of about one size as `FAN_IN`: each byte is written again a few times,
 * whatever the day brings. Of days that have ended, all files of the longest period that fits into one file: a year of a
 * quiet shop, a month, a day; a day that does not fit becomes several files.
 * @param files all live files
 * @param today by shop, its running day as `YYYY-MM-DD`; files of shops that are not told of are left alone
 * @param options.ended whether it is time to merge ended days too
 * @param options.fileBytes what a file has at most
 */
export function planMerges(
  files: readonly LakeFile[],
  today: ReadonlyMap<string, string>,
  { ended, fileBytes }: { ended: boolean; fileBytes: number },
): Merge[] {
  const merges: Merge[] = [];
  for (const [, group] of Map.groupBy(files, ({ shop, type }) => `${shop}|${type}`)) {
    const { shop, type } = group[0]!;
    const now = today.get(shop);
    if (now === undefined) continue;
    const [over, running] = split(group, ({ lastDate }) => lastDate < now);
    const days = [...Map.groupBy(running, ({ period }) => period)];
    const small = days.flatMap(([period, ofDay]) =>
      bySize(ofDay, fileBytes).map((inputs) => ({ shop, type, period, inputs })),
    );
    const long = ended
      ? mergesOfEnded(shop, type, over, now, fileBytes)
      : tooMany(shop, type, over, fileBytes);
    merges.push(...small, ...long);
  }
  return merges;
}

/** Late events make files of ended days too: between the daily merges they are kept from becoming many. */
function tooMany(shop: string, type: string, files: readonly LakeFile[], fileBytes: number): Merge[] {
  return [...Map.groupBy(files, ({ period }) => period)].flatMap(([period, ofPeriod]) =>
    bySize(ofPeriod, fileBytes).map((inputs) => ({ shop, type, period, inputs })),
  );
}

function mergesOfEnded(
  shop: string,
  type: string,
  files: readonly LakeFile[],
  today: string,
  fileBytes: number,
): Merge[] {
  let left = files;
  const merges: Merge[] = [];
  for (const kind of ['year', 'month', 'day'] as const) {
    const rest: LakeFile[] = [];
    for (const [period, ofPeriod] of Map.groupBy(left, ({ firstDate }) => periodOf(firstDate, kind))) {
      const most = kind === 'day' || period < periodOf(today, kind) ? fileBytes : fileBytes * GROWING_PART;
      const isDone = ofPeriod.length === 1 && ofPeriod[0]!.period === period;
      if (isDone) continue;
      if (bytesOf(ofPeriod) <= most) merges.push({ shop, type, period, inputs: ofPeriod });
      else if (kind === 'day') merges.push(...severalOf({ shop, type, period }, ofPeriod, fileBytes));
      // A file of the whole period stays as it is beside files of its parts.
      else rest.push(...ofPeriod.filter((file) => file.period !== period));
    }
    left = rest;
  }
  return merges;
}

/** A day that is more than one file: those that are not full are added up to full ones. */
function severalOf(of: Omit<Merge, 'inputs'>, files: readonly LakeFile[], fileBytes: number): Merge[] {
  const merges: Merge[] = [];
  let inputs: LakeFile[] = [];
  for (const file of files.filter(({ bytes }) => bytes < fileBytes / 2)) {
    if (inputs.length > 0 && bytesOf(inputs) + file.bytes > fileBytes) {
      merges.push({ ...of, inputs });
      inputs = [];
    }
    inputs.push(file);
  }
  merges.push({ ...of, inputs });
  return merges.filter((merge) => merge.inputs.length > 1);
}

/** Groups of `FAN_IN` files whose sizes are within a factor of eight. */
function bySize(files: readonly LakeFile[], fileBytes: number): LakeFile[][] {
  const small = files.filter(({ bytes }) => bytes < fileBytes / 2);
  const classes = Map.groupBy(small, ({ bytes }) =>
    Math.max(5, Math.floor(Math.log2(Math.max(1, bytes)) / 3)),
  );
  return [...classes.values()].flatMap((ofSize) => {
    const groups: LakeFile[][] = [];
    for (let at = 0; at + FAN_IN <= ofSize.length; at += FAN_IN) groups.push(ofSize.slice(at, at + FAN_IN));
    return groups;
  });
}

const bytesOf = (files: readonly LakeFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
