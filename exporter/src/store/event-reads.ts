import type { ClientSession, Db, Document } from 'mongodb';
import type { EventSelection, PlacedEvent } from '../live/event-selection.ts';
import { inOrder } from '../live/in-order.ts';
import type { ReadOptions } from './read-options.ts';
import type { MetricStore } from './store.ts';

/** Events per message of the server, of each collection: some are as large as an event may be. */
const BATCH = 50;

/** Lists kept events of several collections in one order, each by the index on shop, time and id that the processor declares. */
export function createEventReads(
  db: Db,
  limitsOf: (options?: ReadOptions) => { maxTimeMS: number; session: ClientSession; signal?: AbortSignal },
): Pick<MetricStore, 'events'> {
  const read = async function* (
    selection: EventSelection,
    source: number,
    options: ReadOptions | undefined,
  ): AsyncGenerator<PlacedEvent> {
    const { direction, sources } = selection;
    const found = db.collection(sources[source]!.collection).find<Document>(filterOf(selection, source), {
      ...limitsOf(options),
      ...{ sort: { eventTime: direction, _id: direction }, batchSize: BATCH },
    });
    for await (const document of found)
      yield { place: { time: document.eventTime, source, id: document._id as string }, document };
  };
  return {
    events: (selection, options) =>
      inOrder(
        selection.sources.map((_, source) => read(selection, source, options)),
        selection.direction,
      ),
  };
}

/** What MongoDB is asked for of one collection. @param source its place among those of the selection */
export function filterOf({ sources, direction, from, to, behind }: EventSelection, source: number): Document {
  const { filter } = sources[source]!;
  const range = {
    ...(from === undefined ? {} : { $gte: from }),
    ...(to === undefined ? {} : { $lt: to }),
  };
  const within: Document = Object.keys(range).length === 0 ? filter : { ...filter, eventTime: range };
  if (!behind) return within;
  const [later, notBefore] = direction === 1 ? ['$gt', '$gte'] : ['$lt', '$lte'];
  const rank = direction * (source - behind.source);
  if (rank !== 0) return { $and: [within, { eventTime: { [rank < 0 ? later : notBefore]: behind.time } }] };
  // Each alternative has the whole filter: only then MongoDB goes by the index for both.
  return {
    $or: [
      { $and: [within, { eventTime: { [later]: behind.time } }] },
      { $and: [within, { eventTime: behind.time, _id: { [later]: behind.id } }] },
    ],
  };
}
