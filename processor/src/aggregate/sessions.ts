import { mergeSessions, type SessionState, sessionOf, type VisitEvent } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { BASE_WINDOW_MS, type Delta, windowOf } from './delta.ts';
import type { Plan } from './plan.ts';

/** A visit as stored: `_id` is `shop|sessionId`. */
export interface SessionDocument extends SessionState {
  readonly _id: string;
  readonly task: string;
}

/** A task's visits: an LRU over MongoDB, of which the task is the only writer. */
export interface Sessions {
  /** Brings those into memory that are stored and not yet here. */
  load(ids: ReadonlySet<string>): Promise<void>;
  /** Adds an event to its visit and the change of what the visit contributes to `delta`. The visit must be loaded. */
  add(event: VisitEvent & { sessionId: string }, delta: Delta): void;
  /** Visits changed since the last call, for the commit. */
  take(): SessionDocument[];
  /** Forgets the least recently used beyond the bound, except those waiting to be written. */
  trim(): void;
  readonly size: number;
}

/** The `_id` of a visit. */
export const sessionKey = (shop: string, sessionId: string) => `${shop}|${sessionId}`;

/** Builds the visits of one task; `bound` is how many stay in memory between commits. */
export function createSessions(
  task: string,
  collection: Collection<SessionDocument>,
  plan: Plan,
  bound = 50_000,
): Sessions {
  const sessions = new Map<string, SessionState>();
  let changed = new Set<string>();

  return {
    load: async (ids) => {
      const missing: string[] = [];
      for (const id of ids) {
        const session = sessions.get(id);
        if (!session) missing.push(id);
        else {
          // Used last, so that a commit ending meanwhile does not push it out.
          sessions.delete(id);
          sessions.set(id, session);
        }
      }
      if (missing.length === 0) return;
      for await (const { _id, task: _task, ...state } of collection.find({ _id: { $in: missing } })) {
        // An event of another batch may have come first while this one waited.
        if (!sessions.has(_id)) sessions.set(_id, state);
      }
    },
    add: (event, delta) => {
      const id = sessionKey(event.shop, event.sessionId);
      const before = sessions.get(id);
      const alone = sessionOf(event);
      const after = before ? mergeSessions(before, alone) : alone;
      sessions.delete(id);
      sessions.set(id, after);
      changed.add(id);
      if (before && contributesSame(before, after)) return;
      if (before) plan.addSession(windowOf(delta, before.shop, before.firstTime), before, -1);
      plan.addSession(windowOf(delta, after.shop, after.firstTime), after, 1);
    },
    take: () => {
      const documents = [...changed].map((id) => ({ _id: id, task, ...sessions.get(id)! }));
      changed = new Set();
      return documents;
    },
    trim: () => {
      for (const id of sessions.keys()) {
        if (sessions.size <= bound) break;
        if (!changed.has(id)) sessions.delete(id);
      }
    },
    get size() {
      return sessions.size;
    },
  };
}

/** Whether two states of one visit add the same to the same cells: same window, dimensions and steps. */
function contributesSame(a: SessionState, b: SessionState): boolean {
  return (
    Math.floor(a.firstTime / BASE_WINDOW_MS) === Math.floor(b.firstTime / BASE_WINDOW_MS) &&
    a.device === b.device &&
    a.channel === b.channel &&
    a.country === b.country &&
    Object.keys(a.steps).length === Object.keys(b.steps).length
  );
}
