import type { LakeFile } from '@storepulse/lake';

/** A file of the lake as the last run has read it. */
export type ReadFile = Pick<LakeFile, '_id' | 'shop' | 'type' | 'firstDate' | 'lastDate' | 'rows'> & {
  /** Whether it was merged from others, or made anew without an erased customer. */
  readonly merged: boolean;
};

/** Days of one shop, first and last as `YYYY-MM-DD`. */
export interface DaySpan {
  readonly shop: string;
  readonly firstDate: string;
  readonly lastDate: string;
}

/** A file of the manifest as a run notes it. */
export function toReadFile({ _id, shop, type, firstDate, lastDate, rows, source }: LakeFile): ReadFile {
  return { _id, shop, type, firstDate, lastDate, rows, merged: source === undefined };
}

/**
 * The days on which the lake holds something else than the last run has read. Files that were merged meanwhile hold what
 * their parts held: where the rows of a shop's type add up to those of the files that are gone, nothing has changed.
 * @param isErased whether a customer of the shop was erased since: then merged files hold less than before
 */
export function changedSpans(
  before: readonly ReadFile[],
  now: readonly ReadFile[],
  isErased: (shop: string) => boolean,
): DaySpan[] {
  const known = new Set(before.map(({ _id }) => _id));
  const live = new Set(now.map(({ _id }) => _id));
  const added = Map.groupBy(
    now.filter(({ _id }) => !known.has(_id)),
    groupOf,
  );
  const gone = Map.groupBy(
    before.filter(({ _id }) => !live.has(_id)),
    groupOf,
  );
  const changed: ReadFile[] = [];
  for (const group of new Set([...added.keys(), ...gone.keys()])) {
    const [merged, arrived] = parted(added.get(group) ?? []);
    const lost = gone.get(group) ?? [];
    changed.push(...arrived);
    const shop = (merged[0] ?? lost[0])?.shop;
    if (shop === undefined || (rowsOf(merged) === rowsOf(lost) && !isErased(shop))) continue;
    changed.push(...merged, ...lost);
  }
  return changed.map(({ shop, firstDate, lastDate }) => ({ shop, firstDate, lastDate }));
}

const groupOf = ({ shop, type }: ReadFile) => `${shop}|${type}`;

function parted(files: readonly ReadFile[]): [merged: ReadFile[], arrived: ReadFile[]] {
  return [files.filter(({ merged }) => merged), files.filter(({ merged }) => !merged)];
}

const rowsOf = (files: readonly ReadFile[]) => files.reduce((sum, { rows }) => sum + rows, 0);
