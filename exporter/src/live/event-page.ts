import type { EventsQuery, Shop } from '@storepulse/contracts';
import { BSON, type Document } from 'mongodb';
import { ExporterError } from '../errors.ts';
import type { TimeRange } from '../query/buckets.ts';
import { readCursor, writeCursor } from '../records/cursor.ts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import { type EventSelection, eventSources } from './event-selection.ts';
import type { StoredPlace } from './place.ts';

/** Stored bytes of a page at most: a page of large events ends early. */
const PAGE_BYTES = 4 * 1_024 * 1_024;
/** Memory of a stored byte, until it is written: as it came, as it is answered, as text. */
const BYTES_PER_BYTE = 4;
const DEFAULT_SORT = '-eventTime';

/** Some events in order. */
export interface EventPage {
  readonly documents: readonly Document[];
  /** `cursor` of the page after it; null: nothing comes after it. */
  readonly next: string | null;
}

/**
 * Reads which events a request asks for.
 * @param range what `from` and `to` are, where they are asked for
 * @throws {ExporterError} `invalid_request` for a cursor of another shop, order or type
 */
export function selectEvents(
  query: EventsQuery,
  { shop }: Pick<Shop, 'shop'>,
  range: TimeRange,
): EventSelection {
  const sources = eventSources(shop, query);
  return {
    sources,
    direction: query.sort === 'eventTime' ? 1 : -1,
    from: query.from === undefined ? undefined : range.from,
    to: query.to === undefined ? undefined : range.to,
    behind: query.cursor === undefined ? undefined : behindOf(query.cursor, scopeOf(query), sources),
  };
}

/** Reads up to `limit` events of a selection; fewer, and where to go on, when they are large. */
export async function readEventPage(
  store: Pick<MetricStore, 'events'>,
  query: EventsQuery,
  selection: EventSelection,
  limit: number,
  allowance: Allowance,
): Promise<EventPage> {
  const options = { signal: allowance.signal, timeoutMs: allowance.leftMs() };
  const documents: Document[] = [];
  let end: StoredPlace | undefined;
  let bytes = 0;
  for await (const { document, place } of store.events(selection, options)) {
    const size = BSON.calculateObjectSize(document);
    bytes += size;
    if (end && (documents.length === limit || bytes > PAGE_BYTES)) {
      const { collection } = selection.sources[end.source]!;
      const next = writeCursor(scopeOf(query), { value: end.time, id: `${collection}|${end.id}` });
      return { documents, next };
    }
    allowance.hold(size * BYTES_PER_BYTE);
    documents.push(document);
    end = place;
  }
  return { documents, next: null };
}

const scopeOf = ({ shop, sort = DEFAULT_SORT }: EventsQuery) => ({ shop, sort });

function behindOf(
  cursor: string,
  scope: ReturnType<typeof scopeOf>,
  sources: EventSelection['sources'],
): StoredPlace {
  const { value, id } = readCursor(cursor, scope);
  const bar = id.indexOf('|');
  const source = sources.findIndex(({ collection }) => collection === id.slice(0, bar));
  if (source < 0 || typeof value !== 'number')
    throw new ExporterError(
      'invalid_request',
      '"cursor" goes on with other events: ask for the same types as before, or begin without a cursor',
    );
  return { time: value, source, id: id.slice(bar + 1) };
}
