import { Type } from 'typebox';
import { ITEM_CODES, type ItemCode } from './errors.ts';

/** What became of one event of a request. */
export type ItemResult =
  | { readonly index: number; readonly status: 'accepted' | 'duplicate'; readonly eventId: string }
  | {
      readonly index: number;
      /** `rejected`: it is wrong, and will be again. `unavailable`: it may be sent again, unchanged. */
      readonly status: 'rejected' | 'unavailable';
      readonly eventId?: string;
      readonly code: ItemCode;
      /** The field, as a JSON pointer; empty: the event as a whole. */
      readonly path: string;
      readonly message: string;
    };

/** What became of one row of sales; `row`: of CSV and lines the number of its first line, of an array its place, from 1. */
export type RowResult = Numbered<ItemResult>;
type Numbered<R> = R extends ItemResult ? Omit<R, 'index'> & { readonly row: number } : never;

/** How many events or rows had which end. */
export interface Counts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly unavailable: number;
}

/** Counts results by their status. */
export function countsOf(items: readonly Pick<ItemResult, 'status'>[]): Counts {
  const counts = { accepted: 0, duplicate: 0, rejected: 0, unavailable: 0 };
  for (const { status } of items) counts[status] += 1;
  return counts;
}

/** The answer to events, for the reference. */
export const Answer = Type.Object({
  accepted: Type.Integer({ description: 'events that Kafka has' }),
  duplicate: Type.Integer({ description: 'events whose `eventId` an earlier one of this request has' }),
  rejected: Type.Integer({ description: 'events that are wrong' }),
  unavailable: Type.Integer({ description: 'events that may be sent again, unchanged' }),
  items: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'place in the request, from 0' }),
      status: Type.Enum(['accepted', 'duplicate', 'rejected', 'unavailable']),
      eventId: Type.Optional(Type.String()),
      code: Type.Optional(Type.Enum(Object.keys(ITEM_CODES) as ItemCode[])),
      path: Type.Optional(Type.String({ description: 'the field, as a JSON pointer' })),
      message: Type.Optional(Type.String()),
    }),
  ),
});
