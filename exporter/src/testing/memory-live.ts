import { once, setMaxListeners } from 'node:events';
import type { Document } from 'mongodb';
import type { CountedEvents, EventSelection, EventSteps, PlacedEvent } from '../live/event-selection.ts';
import type { LivePlace } from '../live/place.ts';
import type { FollowOptions, LiveChange, LiveSelection } from '../live/selection.ts';

/** A document of a collection. */
type Stored = Readonly<Record<string, unknown>>;

/** Collections in memory that can be followed, for tests that are about what is told, not about MongoDB. */
export interface MemoryLive {
  /** Stores a document, over one of the same `_id`. */
  put(collection: string, document: Stored): void;
  follow(selection: LiveSelection, options: FollowOptions): AsyncGenerator<LiveChange>;
  events(selection: EventSelection): AsyncGenerator<PlacedEvent>;
  eventCounts(selection: EventSelection, steps: EventSteps): Promise<CountedEvents>;
  /** Streams that are being read. */
  readonly following: number;
}

/** @param collections what is stored at first, by collection */
export function createMemoryLive(collections: Readonly<Record<string, readonly object[]>> = {}): MemoryLive {
  const log = Object.entries(collections).flatMap(([collection, documents]) =>
    documents.map((document) => ({ collection, document: document as Stored })),
  );
  const changed = new EventTarget();
  // As many as there are streams.
  setMaxListeners(0, changed);
  let following = 0;

  const matches = (selection: LiveSelection, { collection, document }: (typeof log)[number]) => {
    const { sources, time, from } = selection;
    if (from !== undefined && Number(document[time]) < from) return -1;
    return sources.findIndex(
      (source) =>
        source.collection === collection &&
        Object.entries(source.filter).every(([field, condition]) => fits(document[field], condition)),
    );
  };
  const history = (selection: LiveSelection, asOf: number) => {
    const latest = new Map<string, (typeof log)[number]>();
    for (const entry of log.slice(0, asOf)) latest.set(`${entry.collection}|${entry.document._id}`, entry);
    return [...latest.values()]
      .map((entry) => ({
        document: entry.document as Document,
        behind: {
          time: Number(entry.document[selection.time]),
          source: matches(selection, entry),
          id: `${entry.document._id}`,
        },
      }))
      .filter(({ behind }) => behind.source >= 0)
      .sort((a, b) => compare(keyOf(a.behind), keyOf(b.behind)));
  };
  const changes = async function* (
    selection: LiveSelection,
    begin: number,
    { follow, signal }: FollowOptions,
  ) {
    for (let at = begin; ; ) {
      while (at < log.length) {
        const entry = log[at++]!;
        const place: LivePlace = { at: 'change', token: `${at}` };
        if (matches(selection, entry) >= 0)
          yield { kind: 'document', place, document: entry.document as Document } as const;
      }
      if (signal.aborted) return;
      yield { kind: follow ? 'idle' : 'reached', place: { at: 'change', token: `${at}` } } as const;
      if (!follow) return;
      if (at === log.length) await once(changed, 'put', { signal }).catch(() => undefined);
    }
  };

  const events = async function* (selection: EventSelection): AsyncGenerator<PlacedEvent> {
    const { sources, direction, from, to = Number.POSITIVE_INFINITY, behind } = selection;
    const all = history(
      { sources, time: 'eventTime', hasDates: false, tellsChanges: false, from },
      log.length,
    );
    for (const { document, behind: place } of direction === 1 ? all : all.reverse())
      if (place.time < to && (!behind || direction * compare(keyOf(place), keyOf(behind)) > 0))
        yield { place, document };
  };

  return {
    put: (collection, document) => {
      log.push({ collection, document });
      changed.dispatchEvent(new Event('put'));
    },
    follow: async function* (selection, options) {
      following++;
      try {
        const { after, follow } = options;
        const asOf = after === undefined || after.at === 'change' ? log.length : after.asOf[0];
        if (after === undefined || after.at === 'history') {
          const behind = after && keyOf(after.behind);
          for (const each of selection.from === undefined ? [] : history(selection, asOf))
            if (!behind || compare(keyOf(each.behind), behind) > 0)
              yield {
                kind: 'document',
                place: { at: 'history', asOf: [asOf, 0], behind: each.behind },
                document: each.document,
              };
          yield { kind: 'reached', place: { at: 'end', asOf: [asOf, 0] } };
          if (!follow) return;
        }
        yield* changes(selection, after?.at === 'change' ? Number(after.token) : asOf, options);
      } finally {
        following--;
      }
    },
    events,
    eventCounts: async (selection, { begin, stepMs, most }) => {
      const counts = new Map<string, { type: string; step: number; count: number }>();
      const taken = new Map<number, number>();
      let completeFrom = begin;
      for await (const { document, place } of events({ ...selection, direction: -1 })) {
        const ofSource = (taken.get(place.source) ?? 0) + 1;
        if (ofSource > most) continue;
        taken.set(place.source, ofSource);
        if (ofSource === most) completeFrom = Math.max(completeFrom, place.time + 1);
        const step = Math.floor((place.time - begin) / stepMs);
        const key = `${document.type}|${step}`;
        counts.set(key, { type: document.type, step, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return { counts: [...counts.values()], completeFrom };
    },
    get following() {
      return following;
    },
  };
}

const keyOf = ({ time, source, id }: { time: number; source: number; id: string }) =>
  [time, source, id] as const;

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const i = a.findIndex((each, n) => each !== b[n]);
  return i < 0 ? 0 : a[i]! < b[i]! ? -1 : 1;
}

function fits(value: unknown, condition: unknown): boolean {
  const { $in, $nin } = (condition ?? {}) as { $in?: unknown[]; $nin?: unknown[] };
  if ($in || $nin) return ($in?.includes(value) ?? true) && !$nin?.includes(value);
  return value === condition;
}
