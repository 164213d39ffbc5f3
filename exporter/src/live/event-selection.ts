import {
  type eventFilters,
  FACT_COLLECTIONS,
  KEPT_EVENTS,
  KEPT_TYPES,
  type LiveEventsQuery,
} from '@storepulse/contracts';
import type { Document } from 'mongodb';
import { ExporterError } from '../errors.ts';
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

/** How kept events are counted. */
export interface EventSteps {
  /** The first instant of the first step, epoch ms. */
  readonly begin: number;
  /** Length of a step, ms. */
  readonly stepMs: number;
  /** Of each collection so many are counted, the latest. */
  readonly most: number;
}

/** How many kept events there are. */
export interface CountedEvents {
  /** By type and number of the step; steps without any are missing. */
  readonly counts: readonly { readonly type: string; readonly step: number; readonly count: number }[];
  /** From then on all are counted, epoch ms. */
  readonly completeFrom: number;
}

/** What kept events are asked for by. */
export type EventFilters = Pick<LiveEventsQuery, keyof typeof eventFilters>;

/** Collections whose documents are named by their order: `shop|orderId`. */
const NAMED_BY_ORDER: readonly string[] = ['orders', 'cancellations'];

/**
 * The collections of the events that are asked for, and what narrows them.
 * @throws {ExporterError} `invalid_request` where no type is left
 */
export function eventSources(shop: string, filters: EventFilters): LiveSource[] {
  const types = (filters.type ?? KEPT_TYPES).filter((type) => !filters.notType?.includes(type));
  if (types.length === 0)
    throw new ExporterError('invalid_request', '"type" and "notType" leave no type: ask for one more');
  const { orderId, notOrderId } = filters;
  const narrowed = {
    ...conditionOn('country', filters.country, filters.notCountry),
    ...conditionOn('device', filters.device, filters.notDevice),
    ...conditionOn('channel', filters.channel, filters.notChannel),
  };
  return FACT_COLLECTIONS.flatMap((collection): LiveSource[] => {
    const own = types.filter((type) => KEPT_EVENTS.get(type)?.collection === collection);
    if (own.length === 0 || (orderId && !own.some(tellsOrder))) return [];
    // An order's own documents are found by their name; there is no index on the field.
    const byName = NAMED_BY_ORDER.includes(collection);
    const ofOrder = byName
      ? conditionOn(
          '_id',
          orderId?.map((id) => `${shop}|${id}`),
        )
      : conditionOn('orderId', orderId);
    const filter = {
      ...{ shop, type: { $in: own }, ...narrowed, ...ofOrder },
      ...(notOrderId ? conditionOn('orderId', byName ? undefined : orderId, notOrderId) : {}),
    };
    return [{ collection, filter }];
  });
}

const tellsOrder = (type: string) => KEPT_EVENTS.get(type)?.fields.includes('orderId');

/** A condition of MongoDB on a field, of the values that it may have and those that it may not. */
function conditionOn(
  field: string,
  wanted: readonly string[] | undefined,
  unwanted?: readonly string[],
): Readonly<Record<string, object>> {
  const condition = { ...(wanted ? { $in: wanted } : {}), ...(unwanted ? { $nin: unwanted } : {}) };
  return wanted || unwanted ? { [field]: condition } : {};
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
