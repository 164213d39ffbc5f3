import { type EventRegistry, type Shop, zoneCalendar } from '@storepulse/contracts';
import { fieldsOf } from './aggregate/facts.ts';
import type { ShopCalendar } from './aggregate/fold.ts';
import { createDecoder } from './decode/decoder.ts';
import { ProcessorError } from './errors.ts';
import { beginAt, beginnings } from './kafka/begin-at.ts';
import type { InputRecord, Kafka } from './kafka/port.ts';
import { createUnreadable } from './operate/unreadable.ts';
import type { ShopTermsStore } from './shop-terms.ts';

/** The shops of the topic `shops` that can be counted. */
export interface Shops {
  /** A shop as it is counted; one that was told since the last `refresh` is not known yet. */
  get(shop: string): ShopCalendar | undefined;
  /**
   * Returns once everything that can be read of the topic has been read, and the terms of new shops are fixed. While
   * some of it can't be read, all shops that were ever counted are known all the same.
   * @returns what of the topic is not read: a shop that is not known may be there; undefined when all is read
   * @throws when nothing can be told of the topic
   */
  refresh(): Promise<ShopsUnread | undefined>;
}

/** Partitions of the topic `shops` that are not read to their ends. */
export interface ShopsUnread {
  readonly partitions: ReadonlySet<number>;
  /** `SHOPS_NOT_READ`, telling what is not read and why: for whoever can't go on without. */
  readonly error: ProcessorError;
}

/** Takes records of the topic `shops`, in the order of the log. */
export interface ShopTable extends Shops {
  /** Takes a record; one that its task makes a dead letter has no effect here either. */
  accept(record: InputRecord): void;
}

/**
 * An empty table. It judges records by the decoder that also gives them their fate.
 * @param catchUp returns once everything that can be read of the topic has been accepted, and tells what can't
 */
export function createShopTable(
  events: EventRegistry,
  terms: ShopTermsStore,
  catchUp: TopicReader['catchUp'],
): ShopTable {
  const shops = new Map<string, ShopCalendar>();
  /** Told, and not counted so far: the last record of each. */
  const told = new Map<string, Shop>();
  const decode = createDecoder(events, (shop) => shops.get(shop)?.shop);
  const count = (shop: Shop) => shops.set(shop.shop, { shop, calendar: zoneCalendar(shop.timeZone) });
  return {
    get: (shop) => shops.get(shop),
    refresh: async () => {
      const unread = await catchUp();
      if (unread) {
        const counted = (await terms.counted()).filter(({ shop }) => !shops.has(shop));
        for (const shop of counted) if (!told.has(shop.shop)) told.set(shop.shop, shop);
      }
      if (told.size === 0) return unread;
      const fixed = await terms.fix([...told.values()]);
      for (const [id, shopTerms] of fixed) {
        // Meanwhile another record may have come, or another caller may have been here.
        const shop = told.get(id);
        if (shop) count({ ...shop, ...shopTerms });
        told.delete(id);
      }
      return unread;
    },
    accept: (record) => {
      const decoded = decode('shops', record);
      if (decoded.kind !== 'event') return;
      const { event, spec } = decoded;
      const shop = { type: event.type, ...fieldsOf({ schema: spec.schema, event }) } as Shop;
      if (shops.has(shop.shop)) count(shop);
      else told.set(shop.shop, shop);
    },
  };
}

/** A partition of shops is waited for so long. */
const PATIENCE_MS = 10_000;

/** Reads a whole topic from its beginning, and goes on reading. */
export interface TopicReader {
  /**
   * Returns once everything that was on the topic when called has been handed over, but for 10 s at most. A partition
   * whose end can't be told now is not waited for.
   * @returns what has not been handed over; undefined when all has
   */
  catchUp(): Promise<ShopsUnread | undefined>;
  stop(): Promise<void>;
}

/**
 * Starts a reader of all partitions of `shops`, in a group of its own, that keeps no offsets.
 * @param onCrash told when it has ended and does not come back: without shops nothing can be claimed
 * @param patienceMs how long `catchUp` waits
 */
export async function readShops(
  kafka: Kafka,
  group: string,
  table: () => ShopTable,
  onCrash: (error: Error) => void,
  patienceMs = PATIENCE_MS,
): Promise<TopicReader> {
  const consumer = kafka.consumer({ group, topics: ['shops'], taskGroupOf: () => 'shops' });
  const next = new Map<number, number>();
  const waiting = new Set<() => void>();
  const unreadable = createUnreadable(Date.now);
  let stopped = false;
  const boundsOfShops = async () => {
    const { bounds, unavailable } = await kafka.knownBounds(['shops']);
    return { bounds: bounds.get('shops')!, unavailable };
  };
  const begin = (partitions: readonly number[]) =>
    void beginAt(
      consumer,
      'shops',
      partitions,
      async (wanted) => beginnings((await boundsOfShops()).bounds, wanted),
      () => !stopped,
    );

  await consumer.start({
    onAssigned: (assignment) => {
      unreadable.clear();
      begin(assignment.flatMap(({ partitions }) => partitions));
    },
    onBatch: async (batch, control) => {
      for (const record of batch.records) {
        table().accept(record);
        control.resolve(record.offset);
      }
      next.set(batch.partition, batch.next);
      for (const check of waiting) check();
    },
    onPositionLost: (_topic, partition) => {
      // It is another log, to be read from its beginning.
      next.delete(partition);
      begin([partition]);
    },
    onTrouble: unreadable.note,
    onCrash,
  });

  return {
    catchUp: async () => {
      const { bounds, unavailable } = await boundsOfShops();
      const unread = () =>
        bounds.filter(({ partition, low, high }) => high > low && (next.get(partition) ?? 0) < high);
      if (unread().length > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const check = () => {
          if (unread().length === 0) resolve();
        };
        waiting.add(check);
        const late = setTimeout(resolve, patienceMs);
        await promise;
        clearTimeout(late);
        waiting.delete(check);
      }
      const told = unread().map(({ partition, low, high }) => {
        const why = unreadable.why('shops', partition);
        const where = `is at ${next.get(partition) ?? low} of ${high}`;
        return { partition, text: why === undefined ? where : `${where} (${why})` };
      });
      const silent = unavailable.map(({ partition, reason }) => ({ partition, text: `(${reason})` }));
      return unreadShops([...told, ...silent]);
    },
    stop: () => {
      stopped = true;
      return consumer.stop();
    },
  };
}

function unreadShops(
  unread: readonly { readonly partition: number; readonly text: string }[],
): ShopsUnread | undefined {
  if (unread.length === 0) return undefined;
  const each = unread.map(({ partition, text }) => `partition ${partition} ${text}`);
  return {
    partitions: new Set(unread.map(({ partition }) => partition)),
    error: new ProcessorError(
      'SHOPS_NOT_READ',
      `The topic shops is not read to its end, and without it no event of a new shop has its fate: ${each.join(', ')}.`,
    ),
  };
}
