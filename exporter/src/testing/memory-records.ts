import { SEARCHED } from '@storepulse/contracts';
import { BSON } from 'mongodb';
import type { FoundRecords, RecordCondition, RecordSelection, SearchSelection } from '../store/records.ts';

/** A record as it is stored. */
export type StoredRecord = { readonly _id: string; readonly shop: string } & Readonly<
  Record<string, unknown>
>;

/** The records of a selection, in its order: what a store has to answer. */
export function selectFrom(
  records: readonly StoredRecord[],
  { shop, conditions, sort: { field, direction }, after }: RecordSelection,
): StoredRecord[] {
  const byPlace = (a: readonly unknown[], b: readonly unknown[]) =>
    direction * (compare(a[0], b[0]) || compare(a[1], b[1]));
  const placeOf = (record: StoredRecord) => [record[field], record._id];
  return records
    .filter((record) => record.shop === shop && conditions.every((condition) => holds(condition, record)))
    .filter((record) => after === undefined || byPlace(placeOf(record), [after.value, after.id]) > 0)
    .toSorted((a, b) => byPlace(placeOf(a), placeOf(b)));
}

function holds(
  { field, in: values, atLeast, atMost, below }: RecordCondition,
  record: StoredRecord,
): boolean {
  return valuesAt(record, field.split('.')).some((value) => {
    if (values !== undefined) return values.includes(value as string);
    if (typeof value !== 'number') return false;
    return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) && value < (below ?? Infinity);
  });
}

/** The values at a path: of lists those of all elements. */
function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, [name!, ...rest]));
  if (name === undefined) return [value];
  return typeof value === 'object' && value !== null
    ? valuesAt((value as Record<string, unknown>)[name], rest)
    : [];
}

/** As MongoDB compares: null first, numbers by size, texts by their bytes. */
function compare(a: unknown, b: unknown): number {
  const rank = (value: unknown) => (value == null ? 0 : typeof value === 'number' ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number') return a - (b as number);
  return typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b as string)) : 0;
}

/** The records that begin with a text, or have all of some words: what a store has to find. */
export function findIn(
  records: readonly StoredRecord[],
  { kind, shop, text, words, limit }: SearchSelection,
): FoundRecords {
  const { byId, begins, words: fields } = SEARCHED[kind];
  const own = records.filter((record) => record.shop === shop);
  const textOf = (record: StoredRecord, field: string) => String(record[field] ?? '').toLowerCase();
  const answer = (found: readonly StoredRecord[]) =>
    found.slice(0, limit).map((record) => Buffer.from(BSON.serialize(record)));
  return {
    id: answer(byId ? own.filter(({ _id }) => _id.startsWith(`${shop}|${text}`)) : []),
    begin: begins.flatMap((field) =>
      answer(own.filter((record) => textOf(record, field).startsWith(text.toLowerCase()))),
    ),
    words: answer(
      own.filter((record) => {
        const all = fields.flatMap((field) => textOf(record, field).split(/[^\p{L}\p{N}]+/u));
        return words.length > 0 && words.every((word) => all.includes(word));
      }),
    ),
  };
}
