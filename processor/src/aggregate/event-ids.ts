import { hash64, type TopicName } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { getOrCreate } from '../get-or-create.ts';
import { createIdTable, type IdTable } from './id-table.ts';

/**
 * How far back in a shop's event time on one topic a second copy of an event is recognised. Each topic has a time of
 * its own: while a backlog is read, one may be hours ahead of another.
 */
export const EVENT_ID_HORIZON_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
/** minute, high, low: three 32-bit numbers per id. */
const ENTRY_BYTES = 12;

/** The event ids of one commit, as stored: `_id` is `task|seq`. */
export interface EventIdsDocument {
  readonly _id: string;
  readonly task: string;
  /** Ids by `topic|shop`: entries of epoch minute and the two halves of the hash, 12 bytes each. */
  readonly ids: Readonly<Record<string, Uint8Array>>;
  /** Latest event time among them by `topic|shop`: past the horizon the document can go. */
  readonly latest: Readonly<Record<string, number>>;
}

/** Recognises events that were counted before, within the horizon. */
export interface EventIds {
  /** Notes an event; false when it was noted before. Events older than the horizon always pass. */
  add(topic: TopicName, shop: string, eventId: string, eventTime: number): boolean;
  /** What was added since the last call, for the commit; undefined when nothing was. */
  take(seq: number): EventIdsDocument | undefined;
  /** Reads the stored ids back, as a claim must. */
  load(): Promise<void>;
  /** Removes stored documents whose ids all lie beyond the horizon. Harmless to skip. */
  prune(): Promise<void>;
  readonly size: number;
}

/** The ids of one shop on one topic. */
interface ShopIds {
  latest: number;
  readonly minutes: Map<number, IdTable>;
  added: number[];
  addedLatest: number;
}

/** Builds the memory of one task over its stored documents. */
export function createEventIds(task: string, collection: Collection<EventIdsDocument>): EventIds {
  const topics = new Map<string, Map<string, ShopIds>>();
  const stored: { id: string; latest: Readonly<Record<string, number>> }[] = [];
  const scratch = new Uint32Array(2);

  const shopIds = (topic: string, shop: string): ShopIds => {
    const shops = getOrCreate(topics, topic, () => new Map<string, ShopIds>());
    let ids = shops.get(shop);
    if (!ids) {
      ids = { latest: 0, minutes: new Map(), added: [], addedLatest: 0 };
      shops.set(shop, ids);
    }
    return ids;
  };
  const idsOf = (key: string): ShopIds => {
    const [topic, shop] = key.split('|') as [string, string];
    return shopIds(topic, shop);
  };
  const all = () =>
    [...topics].flatMap(([topic, shops]) =>
      [...shops].map(([shop, ids]) => [`${topic}|${shop}`, ids] as const),
    );
  const advance = (ids: ShopIds, eventTime: number) => {
    if (eventTime <= ids.latest) return;
    const minuteBefore = Math.floor(ids.latest / MINUTE_MS);
    ids.latest = eventTime;
    if (Math.floor(eventTime / MINUTE_MS) === minuteBefore) return;
    for (const minute of ids.minutes.keys()) {
      if ((minute + 1) * MINUTE_MS <= eventTime - EVENT_ID_HORIZON_MS) ids.minutes.delete(minute);
    }
  };
  const insert = (ids: ShopIds, minute: number, high: number, low: number): boolean => {
    let table = ids.minutes.get(minute);
    if (!table) {
      table = createIdTable();
      ids.minutes.set(minute, table);
    }
    return table.add(high, low);
  };

  return {
    add: (topic, shop, eventId, eventTime) => {
      const ids = shopIds(topic, shop);
      advance(ids, eventTime);
      if (eventTime <= ids.latest - EVENT_ID_HORIZON_MS) return true;
      hash64(eventId, scratch);
      const minute = Math.floor(eventTime / MINUTE_MS);
      if (!insert(ids, minute, scratch[0]!, scratch[1]!)) return false;
      ids.added.push(minute, scratch[0]!, scratch[1]!);
      ids.addedLatest = Math.max(ids.addedLatest, eventTime);
      return true;
    },
    take: (seq) => {
      const changed = all().filter(([, ids]) => ids.added.length > 0);
      if (changed.length === 0) return undefined;
      const document: EventIdsDocument = {
        _id: `${task}|${seq}`,
        task,
        ids: Object.fromEntries(
          changed.map(([key, ids]) => [key, new Uint8Array(Uint32Array.from(ids.added).buffer)]),
        ),
        latest: Object.fromEntries(changed.map(([key, ids]) => [key, ids.addedLatest])),
      };
      for (const [, ids] of changed) {
        ids.added = [];
        ids.addedLatest = 0;
      }
      stored.push({ id: document._id, latest: document.latest });
      return document;
    },
    load: async () => {
      for await (const document of collection.find({ task }, { promoteBuffers: true })) {
        stored.push({ id: document._id, latest: document.latest });
        for (const [key, bytes] of Object.entries(document.ids)) {
          const ids = idsOf(key);
          advance(ids, document.latest[key] ?? 0);
          const numbers = new Uint32Array(Uint8Array.from(bytes).buffer, 0, (bytes.length / ENTRY_BYTES) * 3);
          for (let i = 0; i < numbers.length; i += 3)
            insert(ids, numbers[i]!, numbers[i + 1]!, numbers[i + 2]!);
        }
      }
    },
    prune: async () => {
      const outdated = ({ latest }: { latest: Readonly<Record<string, number>> }) =>
        Object.entries(latest).every(([key, time]) => time <= idsOf(key).latest - EVENT_ID_HORIZON_MS);
      const gone = stored.filter(outdated).map(({ id }) => id);
      if (gone.length === 0) return;
      await collection.deleteMany({ _id: { $in: gone } });
      const kept = stored.filter((entry) => !outdated(entry));
      stored.splice(0, stored.length, ...kept);
    },
    get size() {
      let size = 0;
      for (const [, { minutes }] of all()) for (const table of minutes.values()) size += table.size;
      return size;
    },
  };
}
