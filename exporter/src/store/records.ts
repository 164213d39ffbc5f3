import type { Match, RecordKind, RecordSort } from '@storepulse/contracts';
import type { Place } from '../records/cursor.ts';

/** What a field of a record must be. */
export interface RecordCondition {
  /** A stored field, such as `total` or `lines.sku`. */
  readonly field: string;
  /** One of these. */
  readonly in?: readonly (string | number)[];
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly below?: number;
}

/** Which records to read, and in which order. */
export interface RecordSelection {
  readonly kind: RecordKind;
  readonly shop: string;
  /** All of them must hold. */
  readonly conditions: readonly RecordCondition[];
  /** Records of the same value follow by their `_id`, in the same direction. */
  readonly sort: Pick<RecordSort, 'name' | 'field' | 'direction'>;
  /** Where the page before has ended. */
  readonly after?: Place;
}

/** What of one kind of record is looked for. */
export interface SearchSelection {
  readonly kind: RecordKind;
  readonly shop: string;
  /** What ids and fields may begin with. */
  readonly text: string;
  /** All of them in its fields. */
  readonly words: readonly string[];
  /** Records of each match. */
  readonly limit: number;
}

/** Records that were found, in BSON, by how: of each match the best first. */
export type FoundRecords = Readonly<Record<Match, readonly Buffer[]>>;
