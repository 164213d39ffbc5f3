import { getOrCreate } from '../get-or-create.ts';
import { createIdTable, type IdTable } from './id-table.ts';

/**
 * How far back a second copy of an event is recognised: in its shop's event time on its topic, and in the time since it
 * arrived. Each topic has an event time of its own: while a backlog is read, one may be hours ahead of another.
 */
export const EVENT_ID_HORIZON_MS = 10 * 60_000;
/** Ids that a task keeps for their arrival alone: what bounds memory and the reading of a claim, whatever comes. */
export const MOST_BY_ARRIVAL = 500_000;
export const MINUTE_MS = 60_000;

/** Ids of one minute. */
interface Shelf {
  readonly ids: IdTable;
  /** When the last of them arrived. */
  lastAt: number;
}

/** The ids of one shop on one topic. */
export interface ShopIds {
  /** `topic|shop` */
  readonly key: string;
  /** How far its event time has got, epoch ms. */
  readonly reached: number;
  /** Moves its event time on; never back. */
  advance(reached: number): void;
  /**
   * Notes an id by the two halves of its hash; false when it is remembered already.
   * @param eventTime of its event: a second copy has the same
   */
  add(eventTime: number, high: number, low: number): boolean;
}

/** The ids that one task remembers. */
export interface RememberedIds {
  /** Says when what is added from now on arrives: milliseconds of a clock that stands still while nobody reads. */
  arrive(at: number): void;
  /** The ids of a shop on a topic. */
  of(topic: string, shop: string): ShopIds;
  /** Puts what was added out of order in the order of its arrival, and forgets what lies beyond. */
  settle(): void;
  readonly size: number;
}

/**
 * An empty memory. An id lies on the shelf of its event's minute, so that a copy is looked for in one place. A shelf that
 * event time has passed is kept until its last arrival is past the horizon too: a clock that is ahead moves event time
 * on for all. What arrives later than the horizon of event time lies on a shelf of its minute of arrival; of these all
 * are looked through.
 */
export function createRememberedIds(mostByArrival = MOST_BY_ARRIVAL): RememberedIds {
  const topics = new Map<string, Map<string, ShopIds>>();
  /** Shelves that are kept for their arrival alone, the oldest first. */
  let waiting: { readonly shelf: Shelf; readonly forget: () => void }[] = [];
  let waitingIds = 0;
  let size = 0;
  let arrived = 0;

  const isOver = () =>
    waiting.length > 0 &&
    (waiting[0]!.shelf.lastAt <= arrived - EVENT_ID_HORIZON_MS || waitingIds > mostByArrival);
  const sweep = () => {
    while (isOver()) {
      const { shelf, forget } = waiting.shift()!;
      waitingIds -= shelf.ids.size;
      size -= shelf.ids.size;
      forget();
    }
  };

  const createShopIds = (key: string): ShopIds => {
    let reached = 0;
    /** By minute of event time: those within the horizon, and those that event time has passed. */
    const current = new Map<number, Shelf>();
    const passed = new Map<number, Shelf>();
    /** By minute of arrival. */
    const late = new Map<number, Shelf>();
    /** The shelf used last: most ids are of the same minute. */
    let minuteUsed = 0;
    let shelfUsed: Shelf | undefined;

    const shelfOf = (minute: number): Shelf => {
      if (minuteUsed !== minute || !shelfUsed) {
        minuteUsed = minute;
        // About as many as the minute before: a table that grows is built several times over.
        const expected = current.get(minute - 1)?.ids.size;
        shelfUsed = getOrCreate(current, minute, () => ({ ids: createIdTable(expected), lastAt: arrived }));
      }
      return shelfUsed;
    };
    const lateShelf = (): Shelf => {
      const minute = Math.floor(arrived / MINUTE_MS);
      return getOrCreate(late, minute, () => {
        const shelf = { ids: createIdTable(), lastAt: arrived };
        waiting.push({ shelf, forget: () => late.delete(minute) });
        return shelf;
      });
    };
    const isKnownLate = (minute: number, high: number, low: number): boolean => {
      if ((current.get(minute) ?? passed.get(minute))?.ids.has(high, low)) return true;
      for (const { ids } of late.values()) if (ids.has(high, low)) return true;
      return false;
    };

    return {
      key,
      get reached() {
        return reached;
      },
      advance: (to) => {
        if (to <= reached) return;
        const minuteBefore = Math.floor(reached / MINUTE_MS);
        reached = to;
        if (Math.floor(to / MINUTE_MS) === minuteBefore) return;
        shelfUsed = undefined;
        for (const [minute, shelf] of current) {
          if ((minute + 1) * MINUTE_MS > to - EVENT_ID_HORIZON_MS) continue;
          current.delete(minute);
          passed.set(minute, shelf);
          waiting.push({ shelf, forget: () => passed.delete(minute) });
          waitingIds += shelf.ids.size;
        }
        sweep();
      },
      add: (eventTime, high, low) => {
        const minute = Math.floor(eventTime / MINUTE_MS);
        const isLate = eventTime <= reached - EVENT_ID_HORIZON_MS;
        if (isLate && isKnownLate(minute, high, low)) return false;
        const shelf = isLate ? lateShelf() : shelfOf(minute);
        if (!shelf.ids.add(high, low)) return false;
        shelf.lastAt = Math.max(shelf.lastAt, arrived);
        size++;
        if (isLate) {
          waitingIds++;
          if (waitingIds > mostByArrival) sweep();
        }
        return true;
      },
    };
  };

  return {
    arrive: (at) => {
      const isSameMinute = Math.floor(at / MINUTE_MS) === Math.floor(arrived / MINUTE_MS);
      arrived = at;
      if (!isSameMinute) sweep();
    },
    of: (topic, shop) =>
      getOrCreate(
        getOrCreate(topics, topic, () => new Map<string, ShopIds>()),
        shop,
        () => createShopIds(`${topic}|${shop}`),
      ),
    settle: () => {
      waiting = waiting.sort((a, b) => a.shelf.lastAt - b.shelf.lastAt);
      sweep();
    },
    get size() {
      return size;
    },
  };
}
