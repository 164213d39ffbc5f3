import { hash64, type TopicName } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { getOrCreate } from '../get-or-create.ts';
import { createIdTable, type IdTable } from './id-table.ts';
import { createNumberList, type NumberList } from './number-list.ts';

/**
 * How far back in a shop's event time on one topic a second copy of an event is recognised. Each topic has a time of
 * its own: while a backlog is read, one may be hours ahead of another.
 */
export const EVENT_ID_HORIZON_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

/** The event ids of one commit, as stored: `_id` is `task|seq`. */
export interface EventIdsDocument {
  readonly _id: string;
  readonly task: string;
  /** Ids by `topic|shop`: entries of epoch minute and the two halves of the hash, 12 bytes each. */
  readonly ids: Readonly<Record<string, Uint8Array>>;
  /** Latest event time among them by `topic|shop`: past the horizon the document can go. */
  readonly latest: Readonly<Record<string, number>>;
  /** How far the time of `topic|shop` had got with them; the latest event time in documents of earlier releases. */
  readonly reached?: Readonly<Record<string, number>>;
}

/** Recognises events that were counted before, within the horizon. */
export interface EventIds {
  /**
   * Notes an event; false when it was noted before. Events older than the horizon always pass.
   * @param reached how far it tells that time has got, epoch ms: not the future that its own clock may speak of
   */
  add(topic: TopicName, shop: string, eventId: string, eventTime: number, reached: number): boolean;
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
  /** How far its time has got. */
  reached: number;
  readonly minutes: Map<number, IdTable>;
  /** The minute of the last id and its table: most ids are of the same one. */
  minute: number;
  table: IdTable | undefined;
  /** Since the last commit: minute and the two halves of the hash, in turn. */
  added: NumberList;
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
      ids = {
        reached: 0,
        minutes: new Map(),
        minute: 0,
        table: undefined,
        added: createNumberList(),
        addedLatest: 0,
      };
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
  const advance = (ids: ShopIds, reached: number) => {
    if (reached <= ids.reached) return;
    const minuteBefore = Math.floor(ids.reached / MINUTE_MS);
    ids.reached = reached;
    if (Math.floor(reached / MINUTE_MS) === minuteBefore) return;
    ids.table = undefined;
    for (const minute of ids.minutes.keys()) {
      if ((minute + 1) * MINUTE_MS <= reached - EVENT_ID_HORIZON_MS) ids.minutes.delete(minute);
    }
  };
  const insert = (ids: ShopIds, minute: number, high: number, low: number): boolean => {
    if (ids.minute !== minute || !ids.table) {
      ids.minute = minute;
      // About as many as the minute before: a table that grows is built several times over.
      const expected = ids.minutes.get(minute - 1)?.size;
      ids.table = getOrCreate(ids.minutes, minute, () => createIdTable(expected));
    }
    return ids.table.add(high, low);
  };

  return {
    add: (topic, shop, eventId, eventTime, reached) => {
      const ids = shopIds(topic, shop);
      advance(ids, reached);
      if (eventTime <= ids.reached - EVENT_ID_HORIZON_MS) return true;
      hash64(eventId, scratch);
      const minute = Math.floor(eventTime / MINUTE_MS);
      const high = scratch[0]!;
      const low = scratch[1]!;
      if (!insert(ids, minute, high, low)) return false;
      ids.added.push(minute, high, low);
      ids.addedLatest = Math.max(ids.addedLatest, eventTime);
      return true;
    },
    take: (seq) => {
      const changed = all().filter(([, ids]) => ids.added.length > 0);
      if (changed.length === 0) return undefined;
      const document: EventIdsDocument = {
        _id: `${task}|${seq}`,
        task,
        ids: Object.fromEntries(changed.map(([key, ids]) => [key, ids.added.bytes()])),
        latest: Object.fromEntries(changed.map(([key, ids]) => [key, ids.addedLatest])),
        reached: Object.fromEntries(changed.map(([key, ids]) => [key, ids.reached])),
      };
      for (const [, ids] of changed) {
        ids.added = createNumberList();
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
          advance(ids, (document.reached ?? document.latest)[key] ?? 0);
          const numbers = new Uint32Array(Uint8Array.from(bytes).buffer);
          for (let i = 0; i < numbers.length; i += 3)
            insert(ids, numbers[i]!, numbers[i + 1]!, numbers[i + 2]!);
        }
      }
    },
    prune: async () => {
      const outdated = ({ latest }: { latest: Readonly<Record<string, number>> }) =>
        Object.entries(latest).every(([key, time]) => time <= idsOf(key).reached - EVENT_ID_HORIZON_MS);
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
