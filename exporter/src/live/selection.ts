import type { Document } from 'mongodb';
import type { LivePlace } from './place.ts';

/** Documents of one collection that a stream tells of. */
export interface LiveSource {
  readonly collection: string;
  /** What they have in common; fields of the document. */
  readonly filter: Document;
}

/** What a stream tells of. */
export interface LiveSelection {
  /** In the order in which they are told where times are equal. */
  readonly sources: readonly LiveSource[];
  /** The field of a document's time. */
  readonly time: 'start' | 'eventTime';
  /** Whether times are stored as dates, rather than as epoch ms. */
  readonly hasDates: boolean;
  /** Fields that are wanted beside `_id` and the time; undefined: all. */
  readonly fields?: readonly string[];
  /** Whether documents that are replaced are told again. */
  readonly tellsChanges: boolean;
  /** Documents of that time on, epoch ms; undefined: no history, and changes of any time. */
  readonly from?: number | undefined;
}

/** Something that a stream tells. */
export type LiveChange =
  | { readonly kind: 'document'; readonly place: LivePlace; readonly document: Document }
  /** All that is stored has been told. */
  | { readonly kind: 'reached'; readonly place: LivePlace }
  /** Nothing has happened up to here. */
  | { readonly kind: 'idle'; readonly place: LivePlace };

/** How a stream is read. */
export interface FollowOptions {
  /** Goes on behind it. */
  readonly after?: LivePlace | undefined;
  /** Whether it goes on with what happens, behind the history. */
  readonly follow: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}
