import { RECORDS, SEARCH_COLLATION, SEARCHED } from '@storepulse/contracts';
import type { ClientSession, Db } from 'mongodb';
import { toBuffers } from './batches.ts';
import type { RecordDocument } from './record-reads.ts';
import type { FoundRecords, SearchSelection } from './records.ts';

/** Records with the words that are looked at for those that fit best: a common word costs no more. */
const CANDIDATES = 500;
/** Sorts behind all texts: where they are compared by their bytes, and where by a collation. */
const LAST = { bytes: '\u{10ffff}', collation: '\uffff' } as const;

/** Looks one kind of record up by the begin of its id, the begins of fields, and words; `limit` of each at most. */
export async function searchRecords(
  db: Db,
  { kind, shop, text, words, limit }: SearchSelection,
  limits: { readonly maxTimeMS: number; readonly session: ClientSession; readonly signal?: AbortSignal },
): Promise<FoundRecords> {
  const records = db.collection<RecordDocument>(RECORDS[kind].collection);
  const { byId, begins, words: inFields } = SEARCHED[kind];
  const options = { ...limits, raw: true, limit };
  const byBegin = (field: string) =>
    records.find(
      { shop, [field]: { $gte: text, $lt: `${text}${LAST.collation}` } },
      { ...options, sort: { shop: 1, [field]: 1 }, collation: SEARCH_COLLATION },
    );
  const id = `${shop}|${text}`;
  const ids = () =>
    records.find({ _id: { $gte: id, $lt: `${id}${LAST.bytes}` } }, { ...options, sort: { _id: 1 } });
  const withWords = () =>
    records.aggregate(
      [
        // Each in quotes: all of them must be there, and none is an operator.
        { $match: { shop, $text: { $search: words.map((word) => `"${word}"`).join(' ') } } },
        { $limit: CANDIDATES },
        { $addFields: { score: { $meta: 'textScore' } } },
        { $sort: { score: -1, _id: 1 } },
        { $limit: limit },
      ],
      { ...limits, raw: true },
    );
  const [foundById, foundByBegin, foundByWords] = await Promise.all([
    byId ? toBuffers(ids()) : [],
    Promise.all(begins.map((field) => toBuffers(byBegin(field)))),
    inFields.length > 0 && words.length > 0 ? toBuffers(withWords()) : [],
  ]);
  return { id: foundById, begin: foundByBegin.flat(), words: foundByWords };
}
