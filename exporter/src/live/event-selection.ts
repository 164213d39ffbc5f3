import { FACT_COLLECTIONS, KEPT_EVENTS, KEPT_TYPES, type LiveEventsQuery } from '@storepulse/contracts';
import type { Document } from 'mongodb';
import type { StoredPlace } from './place.ts';
import type { LiveSelection, LiveSource } from './selection.ts';

/** Which kept events to list, and in which order. */
export interface EventSelection {
  readonly sources: readonly LiveSource[];
  /** −1: the latest first. */
  readonly direction: 1 | -1;
  /** Epoch ms, inclusive. @default the first of all */
  readonly from?: number | undefined;
  /** Epoch ms, exclusive. @default the last of all */
  readonly to?: number | undefined;
  /** Where the page before has ended. */
  readonly behind?: StoredPlace | undefined;
}

/** A kept event, and its place in the order. */
export interface PlacedEvent {
  readonly place: StoredPlace;
  readonly document: Document;
}

/** What kept events are asked for by. */
export type EventFilters = Pick<LiveEventsQuery, 'type' | 'country' | 'device' | 'channel'>;

/** The collections of the events that are asked for, and what narrows them. */
export function eventSources(shop: string, filters: EventFilters): LiveSource[] {
  const types = filters.type ?? KEPT_TYPES;
  const narrowed = Object.fromEntries(
    (['country', 'device', 'channel'] as const).flatMap((field) =>
      filters[field] ? [[field, { $in: filters[field] }]] : [],
    ),
  );
  return FACT_COLLECTIONS.flatMap((collection): LiveSource[] => {
    const own = types.filter((type) => KEPT_EVENTS.get(type)?.collection === collection);
    return own.length === 0 ? [] : [{ collection, filter: { shop, type: { $in: own }, ...narrowed } }];
  });
}

/** Kept events as a stream: each once, since a fact that is told again is not stored again. */
export function eventSelection(shop: string, filters: EventFilters, from: number | undefined): LiveSelection {
  return {
    sources: eventSources(shop, filters),
    time: 'eventTime',
    hasDates: false,
    tellsChanges: false,
    from,
  };
}
