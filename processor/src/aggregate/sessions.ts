import {
  mergeSessions,
  SESSION_IDLE_MS,
  type SessionState,
  type SessionStep,
  type Shop,
  sessionKeeping,
  type VisitEvent,
} from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { through } from '../store/causal-reads.ts';
import { type Delta, windowOf } from './delta.ts';
import { createPins } from './pins.ts';
import type { Plan } from './plan.ts';

/** About so many visits are settled, or added to, in one go: what is found is loaded, and changes a window each. */
const VISITS_AT_ONCE = 250;

/** A visit as stored: `_id` is `shop|sessionId`. */
export interface SessionDocument extends SessionState {
  readonly _id: string;
  /** The task that met it first: it alone writes it and books what it contributes, for ever. */
  readonly task: string;
  /** MongoDB takes it off then; absent: never. */
  readonly expireAt?: Date;
}

const DAY_MS = 86_400_000;
/** As long as hours are kept. */
const KEPT_DAYS = 730;

/**
 * When a visit may go that is written now: two years later, since an event that comes after that would begin another one.
 * The same all day long, so that a visit that is written again leaves the index as it is. A shop that keeps everything keeps its
 * visits.
 * @param now epoch ms
 */
export function visitExpiry(retention: Shop['retention'] | undefined, now: number): Date | undefined {
  if (retention !== 'standard') return undefined;
  return new Date((Math.floor(now / DAY_MS) + KEPT_DAYS + 1) * DAY_MS);
}

/**
 * What one commit of a task adds to a visit that another task owns, for that one to take in: `_id` is `visit|task|seq`.
 * A visit is seen by several tasks when its visitor's id changes (a login), or when sources place records differently.
 */
export interface VisitShareDocument {
  readonly _id: string;
  /** The task that owns the visit. */
  readonly owner: string;
  /** The `_id` of the visit. */
  readonly visit: string;
  /** The union of the events. */
  readonly state: SessionState;
}

/** What a commit writes of visits. */
export interface VisitWrites {
  /** Visits that no task has stored so far; if another one has by now, the commit must fail. */
  readonly created: readonly SessionDocument[];
  readonly changed: readonly SessionDocument[];
  /** For other tasks. */
  readonly shares: readonly VisitShareDocument[];
  /** `_id`s of shares of other tasks that `created` and `changed` hold now. */
  readonly takenIn: readonly string[];
}

/** How much was done in one go, and whether there may be more. */
export interface Progress {
  readonly visits: number;
  readonly more: boolean;
}

/** A task's visits: an LRU over MongoDB. Of its own visits the task is the only writer. */
export interface Sessions {
  /** Keeps these in memory, once they are there, until the returned function is called. */
  hold(ids: ReadonlySet<string>): () => void;
  /** Brings those into memory that are stored and not yet here. Held, they stay until their events are added. */
  load(ids: ReadonlySet<string>): Promise<void>;
  /**
   * Adds an event to its visit and the change of what the visit contributes to `delta`; or to the share that goes to the
   * task which owns the visit. The visit must be loaded.
   */
  add(event: VisitEvent & { sessionId: string }, delta: Delta): void;
  /**
   * Adds what other tasks have seen of this task's visits, some hundreds of shares at most. A share that is still to be
   * committed is found again, which adds nothing.
   */
  takeIn(delta: () => Delta): Promise<Progress>;
  /**
   * Settles visits of which nothing was heard for the idle time-out before a shop's watermark, some hundreds at
   * most, and adds the change of what they contribute to `delta`. Looks at committed visits alone: one that
   * is still to be committed is found the next time.
   */
  settle(watermarks: Readonly<Record<string, number>>, delta: () => Delta): Promise<Progress>;
  /** What changed since the last call, for the commit with this number. */
  take(seq: number): VisitWrites;
  /** Forgets the least recently used beyond the bound, except those waiting to be written or to be added to. */
  trim(): void;
  readonly size: number;
}

/** Where visits are stored. */
export interface VisitCollections {
  readonly sessions: Collection<SessionDocument>;
  readonly visitShares: Collection<VisitShareDocument>;
}

/** The `_id` of a visit. */
export const sessionKey = (shop: string, sessionId: string) => `${shop}|${sessionId}`;

/**
 * Builds the visits of one task.
 * @param options.bound how many stay in memory between commits. @default 10,000
 * @param options.reads the claim's session for reading. @default none
 * @param options.expiryOf when a visit of a shop that is written now may go. @default never
 */
export function createSessions(
  task: string,
  { sessions: collection, visitShares }: VisitCollections,
  plan: Plan,
  options: {
    bound?: number;
    reads?: ClientSession;
    expiryOf?: (shop: string) => Date | undefined;
  } = {},
): Sessions {
  const { bound = 10_000, reads, expiryOf = () => undefined } = options;
  const sessions = new Map<string, SessionState>();
  /** The owners of visits that are not this task's, in order of use. */
  const owners = new Map<string, string>();
  const pins = createPins();
  let changed = new Set<string>();
  /** Of the changed ones, those that are not stored. */
  let created = new Set<string>();
  let shares = new Map<string, SessionState>();
  let takenIn = new Set<string>();

  const change = (id: string, before: SessionState | undefined, after: SessionState, delta: Delta) => {
    // Loading has made it the one used last.
    sessions.set(id, after);
    changed.add(id);
    if (!before) created.add(id);
    if (before && contributesSame(before, after)) return;
    if (before) plan.addSession(windowOf(delta, before.shop, before.firstTime), before, -1);
    plan.addSession(windowOf(delta, after.shop, after.firstTime), after, 1);
  };
  const load = async (ids: ReadonlySet<string>) => {
    const missing: string[] = [];
    for (const id of ids) if (!useLast(sessions, id) && !useLast(owners, id)) missing.push(id);
    if (missing.length === 0) return;
    const found = collection.find({ _id: { $in: missing } }, through(reads));
    for await (const { _id, task: owner, expireAt: _, ...state } of found) {
      if (owner !== task) owners.set(_id, owner);
      // An event of another batch may have come first while this one waited.
      else if (!sessions.has(_id)) sessions.set(_id, state);
    }
  };

  /** Settles some visits of a shop of which nothing was heard after an instant. */
  const settleShop = async (shop: string, silentSince: number, delta: () => Delta): Promise<Progress> => {
    const due = { task, shop, settled: false, lastTime: { $lte: silentSince } };
    const found = collection.find(due, { projection: { _id: 1 }, ...through(reads) }).limit(VISITS_AT_ONCE);
    const ids = (await found.toArray()).map(({ _id }) => _id);
    const release = pins.hold(ids);
    let visits = 0;
    try {
      await load(new Set(ids));
      // From here on without waiting: what is in memory is newer than what was found.
      for (const id of ids) {
        const state = sessions.get(id)!;
        if (state.settled || state.lastTime > silentSince) continue;
        change(id, state, { ...state, settled: true }, delta());
        visits++;
      }
    } finally {
      release();
    }
    return { visits, more: ids.length === VISITS_AT_ONCE };
  };

  return {
    hold: pins.hold,
    load,
    add: (event, delta) => {
      const id = sessionKey(event.shop, event.sessionId);
      const alone = sessionKeeping(event, plan.keptFields);
      const before = owners.has(id) ? shares.get(id) : sessions.get(id);
      const after = before ? mergeSessions(before, alone) : alone;
      if (owners.has(id)) shares.set(id, after);
      else change(id, before, after, delta);
    },
    takeIn: async (delta) => {
      const found = await visitShares.find({ owner: task }, through(reads)).limit(VISITS_AT_ONCE).toArray();
      const ids = new Set(found.map(({ visit }) => visit));
      const release = pins.hold(ids);
      try {
        await load(ids);
        for (const { _id, visit, state } of found) {
          const before = sessions.get(visit);
          // A read that is behind: the share is found again.
          if (!before) continue;
          change(visit, before, mergeSessions(before, state), delta());
          takenIn.add(_id);
        }
      } finally {
        release();
      }
      return { visits: found.length, more: found.length === VISITS_AT_ONCE };
    },
    settle: async (watermarks, delta) => {
      let visits = 0;
      let more = false;
      for (const [shop, watermark] of Object.entries(watermarks)) {
        const found = await settleShop(shop, watermark - SESSION_IDLE_MS, delta);
        visits += found.visits;
        more ||= found.more;
        // Of many shops the next ones have their turn after a commit: a transaction must not grow with them.
        if (visits >= VISITS_AT_ONCE) return { visits, more: true };
      }
      return { visits, more };
    },
    take: (seq) => {
      const documentOf = (id: string) => {
        const state = sessions.get(id)!;
        const expireAt = expiryOf(state.shop);
        return { _id: id, task, ...state, ...(expireAt ? { expireAt } : {}) };
      };
      const writes: VisitWrites = {
        created: [...created].map(documentOf),
        changed: [...changed].filter((id) => !created.has(id)).map(documentOf),
        shares: [...shares].map(([visit, state]) => ({
          _id: `${visit}|${task}|${seq}`,
          owner: owners.get(visit)!,
          visit,
          state,
        })),
        takenIn: [...takenIn],
      };
      changed = new Set();
      created = new Set();
      shares = new Map();
      takenIn = new Set();
      return writes;
    },
    trim: () => {
      forgetOldest(sessions, (id) => changed.has(id) || pins.has(id));
      forgetOldest(owners, (id) => shares.has(id) || pins.has(id));
    },
    get size() {
      return sessions.size;
    },
  };

  function forgetOldest(from: Map<string, unknown>, isNeeded: (id: string) => boolean): void {
    for (const id of from.keys()) {
      if (from.size <= bound) break;
      if (!isNeeded(id)) from.delete(id);
    }
  }
}

/** Makes an entry the one used last; false when there is none. */
function useLast<T>(entries: Map<string, T>, id: string): boolean {
  const entry = entries.get(id);
  if (entry === undefined) return false;
  entries.delete(id);
  entries.set(id, entry);
  return true;
}

/**
 * Whether two states of one visit surely add the same to the same cells: they differ in nothing but how long it
 * lasted. Spares the common case, another view of a page, all work on cells.
 */
function contributesSame(a: SessionState, b: SessionState): boolean {
  return (
    a.firstTime === b.firstTime &&
    a.firstEventId === b.firstEventId &&
    a.settled === b.settled &&
    a.interactions.length === b.interactions.length &&
    Object.keys(b.steps).every((step) =>
      sameTimes(a.steps[step as SessionStep], b.steps[step as SessionStep]),
    )
  );
}

function sameTimes(a: readonly number[] = [], b: readonly number[] = []): boolean {
  return a.length === b.length && a.every((time, i) => time === b[i]);
}
