import { BSON } from 'mongodb';
import type { RecordSelection } from '../store/records.ts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import type { Place } from './cursor.ts';

/** Stored bytes of a page at most: a page of large records ends early. */
const PAGE_BYTES = 4 * 1_024 * 1_024;
/** Memory of a stored byte, until it is written: as it came, as an object, as text. */
const BYTES_PER_BYTE = 4;

/** Some records in order. */
export interface Page {
  /** As they are stored, in BSON. */
  readonly documents: readonly Buffer[];
  /** Where it ends; undefined: nothing comes after it. */
  readonly end: Place | undefined;
}

/** Reads up to `limit` records of a selection; fewer, and where to go on, when they are large. */
export async function readPage(
  store: Pick<MetricStore, 'records'>,
  selection: RecordSelection,
  limit: number,
  allowance: Allowance,
): Promise<Page> {
  const options = { signal: allowance.signal, timeoutMs: allowance.leftMs() };
  const documents: Buffer[] = [];
  let bytes = 0;
  for await (const batch of store.records(selection, limit + 1, options)) {
    for (const document of batch) {
      bytes += document.length;
      if (documents.length > 0 && (documents.length === limit || bytes > PAGE_BYTES))
        return { documents, end: placeOf(documents.at(-1)!, selection) };
      allowance.hold(document.length * BYTES_PER_BYTE);
      documents.push(document);
    }
  }
  return { documents, end: undefined };
}

function placeOf(document: Buffer, { sort: { field } }: RecordSelection): Place {
  const stored = BSON.deserialize(document);
  return { value: stored[field] ?? null, id: stored._id };
}
