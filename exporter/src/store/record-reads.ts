import { RECORDS } from '@storepulse/contracts';
import type { Filter } from 'mongodb';
import type { RecordCondition, RecordSelection } from './records.ts';

/** A record as it is stored. */
export type RecordDocument = { readonly _id: string } & Readonly<Record<string, unknown>>;

/** Records per message of the server: some are as large as an event may be. */
const BATCH = 100;

/** The collection, the filter and the order that a selection is read with: an index leads to where the page begins. */
export function recordQuery(selection: RecordSelection): {
  collection: string;
  filter: Filter<RecordDocument>;
  sort: Record<string, 1 | -1>;
  batchSize: number;
} {
  const { field, direction } = selection.sort;
  return {
    collection: RECORDS[selection.kind].collection,
    filter: pageFilter(selection),
    sort: field === '_id' ? { _id: direction } : { [field]: direction, _id: direction },
    batchSize: BATCH,
  };
}

/**
 * The records behind a place: those of a later value, and those of the same value with a later id. As alternatives that
 * each have all of the filter, MongoDB reads each from an index, and merges them in order.
 */
function pageFilter({
  shop,
  conditions,
  sort: { field, direction },
  after,
}: RecordSelection): Filter<RecordDocument> {
  // Behind the bar, within a shop, nothing is greater than the next character.
  const ofShop = field === '_id' ? { _id: { $gte: `${shop}|`, $lt: `${shop}}` } } : { shop };
  const all: Filter<RecordDocument>[] = [ofShop, ...conditions.map(filterOf)];
  if (after === undefined) return { $and: all };
  const later = direction === 1 ? '$gt' : '$lt';
  if (field === '_id') return { $and: [...all, { _id: { [later]: after.id } }] };
  const alternatives: Filter<RecordDocument>[] = [
    { [field]: after.value, _id: { [later]: after.id } },
    ...laterValues(field, direction, after.value),
  ];
  return { $or: alternatives.map((alternative) => ({ $and: [...all, alternative] })) };
}

/** Records without a value come before all others when ascending, and after them when descending. */
function laterValues(
  field: string,
  direction: 1 | -1,
  value: string | number | null,
): Filter<RecordDocument>[] {
  if (direction === 1) return [{ [field]: value === null ? { $ne: null } : { $gt: value } }];
  return value === null ? [] : [{ [field]: { $lt: value } }, { [field]: null }];
}

function filterOf({ field, in: values, atLeast, atMost, below }: RecordCondition): Filter<RecordDocument> {
  return {
    [field]: {
      ...(values === undefined ? {} : { $in: [...values] }),
      ...(atLeast === undefined ? {} : { $gte: atLeast }),
      ...(atMost === undefined ? {} : { $lte: atMost }),
      ...(below === undefined ? {} : { $lt: below }),
    },
  };
}
