import type { TSchema } from 'typebox';
import type { EventType } from '../events/index.ts';

/** What is listed one by one, beside the figures. */
export const RECORD_KINDS = ['orders', 'customers', 'products', 'reviews'] as const;
/** A kind of record. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** How a request narrows the records: by one of some values, or by a bound. */
export interface RecordFilter {
  /** The stored field; `_id` is `shop|` and what names the record. */
  readonly field: string;
  readonly operator: 'in' | 'atLeast' | 'atMost';
  readonly schema: TSchema;
  /** What is asked for is in whole currency units, and stored in minor ones. @default false */
  readonly isMoney?: boolean;
}

/** What a kind of record is: where it is stored, and how it is listed. */
export interface RecordSpec {
  readonly kind: RecordKind;
  readonly collection: string;
  /** The event that tells it: a record has the fields of its schema. */
  readonly event: EventType;
  /** The field that names a record within its shop. */
  readonly id: string;
  /** The field that `from` and `to` are about; undefined: there is none. */
  readonly time?: string;
  /** Fields that are amounts, in minor units when stored; of the elements of a list as `lines.discount`. */
  readonly money: readonly string[];
  /** Fields that are instants, epoch ms. */
  readonly times: readonly string[];
  /** Fields that records can be put in order by; each has an index. The first is taken when none is named. */
  readonly sorts: readonly RecordSort[];
  /** By name of the parameter. */
  readonly filters: Readonly<Record<string, RecordFilter>>;
  /** Whether a record is about a person altogether, so that only who may see personal fields may list it. */
  readonly isPersonal: boolean;
}

/** An order of records. */
export interface RecordSort {
  /** As requests name it: the field, with `-` before it when the greatest comes first. */
  readonly name: string;
  /** The stored field. */
  readonly field: string;
  readonly direction: 1 | -1;
}
