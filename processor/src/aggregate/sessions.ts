import {
  mergeSessions,
  SESSION_IDLE_MS,
  type SessionState,
  type SessionStep,
  sessionOf,
  type VisitEvent,
} from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { through } from '../store/causal-reads.ts';
import { type Delta, windowOf } from './delta.ts';
import { createPins } from './pins.ts';
import type { Plan } from './plan.ts';

/** About so many visits are settled in one go: what is found is loaded, and changes a window each. */
const SETTLED_AT_ONCE = 250;

/** A visit as stored: `_id` is `shop|sessionId`. */
export interface SessionDocument extends SessionState {
  readonly _id: string;
  readonly task: string;
}

/** A task's visits: an LRU over MongoDB, of which the task is the only writer. */
export interface Sessions {
  /** Keeps these in memory, once they are there, until the returned function is called. */
  hold(ids: ReadonlySet<string>): () => void;
  /** Brings those into memory that are stored and not yet here. Held, they stay until their events are added. */
  load(ids: ReadonlySet<string>): Promise<void>;
  /** Adds an event to its visit and the change of what the visit contributes to `delta`. The visit must be loaded. */
  add(event: VisitEvent & { sessionId: string }, delta: Delta): void;
  /**
   * Settles visits of which nothing was heard for the idle time-out before a shop's watermark, some hundreds at
   * most, and adds the change of what they contribute to `delta`. Looks at committed visits alone: one that
   * is still to be committed is found the next time.
   * @returns how many it settled, and whether there may be more
   */
  settle(
    watermarks: Readonly<Record<string, number>>,
    delta: () => Delta,
  ): Promise<{ settled: number; more: boolean }>;
  /** Visits changed since the last call, for the commit. */
  take(): SessionDocument[];
  /** Forgets the least recently used beyond the bound, except those waiting to be written or to be added to. */
  trim(): void;
  readonly size: number;
}

/** The `_id` of a visit. */
export const sessionKey = (shop: string, sessionId: string) => `${shop}|${sessionId}`;

/**
 * Builds the visits of one task.
 * @param options.bound how many stay in memory between commits. @default 10,000
 * @param options.reads the claim's session for reading. @default none
 */
export function createSessions(
  task: string,
  collection: Collection<SessionDocument>,
  plan: Plan,
  { bound = 10_000, reads }: { bound?: number; reads?: ClientSession } = {},
): Sessions {
  const sessions = new Map<string, SessionState>();
  const pins = createPins();
  let changed = new Set<string>();

  const change = (id: string, before: SessionState | undefined, after: SessionState, delta: Delta) => {
    // Loading has made it the one used last.
    sessions.set(id, after);
    changed.add(id);
    if (before && contributesSame(before, after)) return;
    if (before) plan.addSession(windowOf(delta, before.shop, before.firstTime), before, -1);
    plan.addSession(windowOf(delta, after.shop, after.firstTime), after, 1);
  };
  const load = async (ids: ReadonlySet<string>) => {
    const missing: string[] = [];
    for (const id of ids) {
      const session = sessions.get(id);
      if (!session) missing.push(id);
      else {
        // Used last.
        sessions.delete(id);
        sessions.set(id, session);
      }
    }
    if (missing.length === 0) return;
    for await (const { _id, task: _task, ...state } of collection.find(
      { _id: { $in: missing } },
      through(reads),
    )) {
      // An event of another batch may have come first while this one waited.
      if (!sessions.has(_id)) sessions.set(_id, state);
    }
  };

  /** Settles some visits of a shop of which nothing was heard after an instant. */
  const settleShop = async (shop: string, silentSince: number, delta: () => Delta) => {
    const due = { task, shop, settled: false, lastTime: { $lte: silentSince } };
    const found = collection.find(due, { projection: { _id: 1 }, ...through(reads) }).limit(SETTLED_AT_ONCE);
    const ids = (await found.toArray()).map(({ _id }) => _id);
    const release = pins.hold(ids);
    let settled = 0;
    try {
      await load(new Set(ids));
      // From here on without waiting: what is in memory is newer than what was found.
      for (const id of ids) {
        const state = sessions.get(id)!;
        if (state.settled || state.lastTime > silentSince) continue;
        change(id, state, { ...state, settled: true }, delta());
        settled++;
      }
    } finally {
      release();
    }
    return { settled, more: ids.length === SETTLED_AT_ONCE };
  };

  return {
    hold: pins.hold,
    load,
    add: (event, delta) => {
      const id = sessionKey(event.shop, event.sessionId);
      const before = sessions.get(id);
      const alone = sessionOf(event);
      change(id, before, before ? mergeSessions(before, alone) : alone, delta);
    },
    settle: async (watermarks, delta) => {
      let settled = 0;
      let more = false;
      for (const [shop, watermark] of Object.entries(watermarks)) {
        const found = await settleShop(shop, watermark - SESSION_IDLE_MS, delta);
        settled += found.settled;
        more ||= found.more;
        // Of many shops the next ones have their turn after a commit: a transaction must not grow with them.
        if (settled >= SETTLED_AT_ONCE) return { settled, more: true };
      }
      return { settled, more };
    },
    take: () => {
      const documents = [...changed].map((id) => ({ _id: id, task, ...sessions.get(id)! }));
      changed = new Set();
      return documents;
    },
    trim: () => {
      for (const id of sessions.keys()) {
        if (sessions.size <= bound) break;
        if (!changed.has(id) && !pins.has(id)) sessions.delete(id);
      }
    },
    get size() {
      return sessions.size;
    },
  };
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
