import { hash64, type TopicName } from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { getOrCreate } from '../get-or-create.ts';
import { through } from '../store/causal-reads.ts';
import { createNumberList, type NumberList } from './number-list.ts';
import {
  createRememberedIds,
  EVENT_ID_HORIZON_MS,
  MINUTE_MS,
  MOST_BY_ARRIVAL,
  type ShopIds,
} from './remembered-ids.ts';

/** The event ids of one commit, as stored: `_id` is `task|seq`. */
export interface EventIdsDocument {
  readonly _id: string;
  readonly task: string;
  /** Ids by `topic|shop`: entries of epoch minute and the two halves of the hash, 12 bytes each. */
  readonly ids: Readonly<Record<string, Uint8Array>>;
  /** Latest event time among them by `topic|shop`: past the horizon, the document is kept for its arrival alone. */
  readonly latest: Readonly<Record<string, number>>;
  /** How far the time of `topic|shop` had got with them; the latest event time in documents of earlier releases. */
  readonly reached?: Readonly<Record<string, number>>;
  /** When they arrived, by the task's clock, which stands still while nobody reads; absent in earlier releases. */
  readonly at?: number;
}

/** Recognises events that were counted before, within the horizon of their event time or of their arrival. */
export interface EventIds {
  /** Says that what is added from now on has arrived now. */
  arrive(): void;
  /**
   * Notes an event; false when it was noted before.
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

/** Ids of one shop on one topic since the last commit. */
interface Added {
  /** Minute and the two halves of the hash, in turn. */
  readonly ids: NumberList;
  latest: number;
}

/** A stored document, in the order of arrival. */
interface Stored {
  readonly id: string;
  readonly latest: Readonly<Record<string, number>>;
  readonly at: number;
  readonly size: number;
}

const NUMBERS_OF_ID = 3;
const BYTES_OF_ID = 12;

/**
 * Builds the memory of one task over its stored documents.
 * @param options.now wall clock, epoch ms. @default Date.now
 * @param options.reads the claim's session for reading. @default none
 */
export function createEventIds(
  task: string,
  collection: Collection<EventIdsDocument>,
  { now = Date.now, reads }: { now?: () => number; reads?: ClientSession } = {},
): EventIds {
  const remembered = createRememberedIds();
  const scratch = new Uint32Array(2);
  let added = new Map<ShopIds, Added>();
  let stored: Stored[] = [];
  /** What the wall clock is ahead of the task's: the time for which nobody read. */
  let stoodStill = 0;
  let arrived = now();
  remembered.arrive(arrived);

  const arrive = () => {
    arrived = now() - stoodStill;
    remembered.arrive(arrived);
  };
  const noteStored = ({ _id, latest, ids, at = 0 }: EventIdsDocument) => {
    const bytes = Object.values(ids).reduce((sum, { length }) => sum + length, 0);
    stored.push({ id: _id, latest, at, size: bytes / BYTES_OF_ID });
  };
  const idsOf = (key: string) => {
    const [topic, shop] = key.split('|') as [string, string];
    return remembered.of(topic, shop);
  };

  return {
    arrive,
    add: (topic, shop, eventId, eventTime, reached) => {
      const ids = remembered.of(topic, shop);
      ids.advance(reached);
      hash64(eventId, scratch);
      if (!ids.add(eventTime, scratch[0]!, scratch[1]!)) return false;
      const entry = getOrCreate(added, ids, () => ({ ids: createNumberList(), latest: 0 }));
      entry.ids.push(Math.floor(eventTime / MINUTE_MS), scratch[0]!, scratch[1]!);
      entry.latest = Math.max(entry.latest, eventTime);
      return true;
    },
    take: (seq) => {
      if (added.size === 0) return undefined;
      const entries = [...added];
      const document: EventIdsDocument = {
        _id: `${task}|${seq}`,
        task,
        ids: Object.fromEntries(entries.map(([{ key }, { ids }]) => [key, ids.bytes()])),
        latest: Object.fromEntries(entries.map(([{ key }, { latest }]) => [key, latest])),
        reached: Object.fromEntries(entries.map(([{ key, reached }]) => [key, reached])),
        at: arrived,
      };
      added = new Map();
      noteStored(document);
      return document;
    },
    load: async () => {
      let last: number | undefined;
      const found = collection.find({ task }, { promoteBuffers: true, ...through(reads) });
      for await (const document of found) {
        noteStored(document);
        const { ids, latest, reached = latest, at } = document;
        if (at !== undefined) last = Math.max(last ?? at, at);
        remembered.arrive(at ?? 0);
        for (const [key, bytes] of Object.entries(ids)) {
          const shopIds = idsOf(key);
          shopIds.advance(reached[key] ?? 0);
          // The end of its minute stands for an event's time: it is not late while some of its minute is not.
          const numbers = new Uint32Array(Uint8Array.from(bytes).buffer);
          for (let i = 0; i < numbers.length; i += NUMBERS_OF_ID)
            shopIds.add((numbers[i]! + 1) * MINUTE_MS - 1, numbers[i + 1]!, numbers[i + 2]!);
        }
      }
      stored.sort((a, b) => a.at - b.at);
      if (last !== undefined) stoodStill = now() - last;
      arrive();
      remembered.settle();
    },
    prune: async () => {
      const isPast = ({ latest }: Stored) =>
        Object.entries(latest).every(([key, time]) => time <= idsOf(key).reached - EVENT_ID_HORIZON_MS);
      let byArrival = 0;
      const gone = new Set<string>();
      for (const entry of stored.toReversed()) {
        if (!isPast(entry)) continue;
        byArrival += entry.size;
        if (entry.at <= arrived - EVENT_ID_HORIZON_MS || byArrival > MOST_BY_ARRIVAL) gone.add(entry.id);
      }
      if (gone.size === 0) return;
      await collection.deleteMany({ _id: { $in: [...gone] } });
      stored = stored.filter(({ id }) => !gone.has(id));
    },
    get size() {
      return remembered.size;
    },
  };
}
