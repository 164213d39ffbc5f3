import type { Static, TSchema } from 'typebox';
import type { EventOf } from '../events/index.ts';
import type { QueryTime } from '../query-parts.ts';
import type { RecordKind } from './model.ts';
import type { recordPageSchema } from './schemas.ts';
import type { RecordSpecs } from './specs.ts';

type Told<Kind extends RecordKind> = Omit<EventOf<RecordSpecs[Kind]['event']>, 'type'>;

/**
 * A record as it is answered: the fields of the event that tells it, amounts in whole currency units. Any may be missing or
 * null: personal ones for who may not see them, and once they are erased.
 */
export type AnsweredRecord<Kind extends RecordKind = RecordKind> = {
  readonly [Field in keyof Told<Kind>]?: Told<Kind>[Field] | null;
};

/** A page of records. */
export type RecordPage<Kind extends RecordKind = RecordKind> = Omit<
  Static<ReturnType<typeof recordPageSchema>>,
  'records'
> & { records: AnsweredRecord<Kind>[] };

type Filters<Kind extends RecordKind> = {
  -readonly [Name in keyof RecordSpecs[Kind]['filters']]?: RecordSpecs[Kind]['filters'][Name] extends {
    schema: infer Schema extends TSchema;
  }
    ? Static<Schema>
    : never;
};

/** The parameters that a kind of record is listed by. */
export type RecordsQuery<Kind extends RecordKind = RecordKind> = Filters<Kind> & {
  shop: string;
  /** Of records that have a time. */
  from?: QueryTime;
  to?: QueryTime;
  sort?: string;
  limit?: number;
  cursor?: string;
};
