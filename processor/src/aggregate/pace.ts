/** How far a task is behind what is in its logs. */
export interface Behind {
  /** Records known to wait. */
  readonly records: number;
  /** Age of the latest event that was counted last, in ms. */
  readonly ms: number;
}

/** When the next commit of a task is due. */
export interface Pace {
  /** Notes that a commit has ended, and how long it took, in ms. */
  noteCommit(durationMs: number): void;
  /**
   * The instant of the next commit, epoch ms.
   * @param records counted and not yet committed
   * @param isQuiet whether few records have come lately
   */
  dueAt(records: number, behind: Behind, isQuiet: boolean): number;
  /** Whether so few records wait for their commit that it may wait for those of other tasks. */
  isSmall(records: number): boolean;
  /** Whether being so far behind is a backlog: nobody waits for each result. */
  isBacklog(behind: Behind): boolean;
}

/** So many records are worth a commit before the interval has passed. */
const ENOUGH_RECORDS = 500;
/** The interval where a commit is worth it: a shorter one has the tasks commit at times of their own. */
const PROMPT_INTERVAL_MS = 125;
/** So many records behind are a backlog: nobody waits for the next result, and few large commits cost least. */
const BACKLOG_RECORDS = 20_000;
/** So many are one when what happened more than a minute ago is counted: of history a few thousand records may be days. */
const HISTORY_RECORDS = 1_000;
const HISTORY_MS = 60_000;
const BACKLOG_INTERVAL_MS = 1_000;
/** A commit that takes seconds mostly waits, for a server that is away; a longer rest would lengthen the outage. */
const LONGEST_REST_MS = 1_000;
/** Of a backlog so many are enough for a commit; counting goes on meanwhile. */
const BACKLOG_ENOUGH = 40_000;

/**
 * Commits at whole multiples of an interval, so that those of all tasks and processes fall together: a window that
 * several of them change is merged once then. Few records wait for the interval of the settings, many for a short one,
 * a backlog for a long one. Quiet traffic waits for the short one too: somebody looks for each record, and commits are few.
 * A task rests at least half as long as its last commit took, a second at most.
 */
export function createPace(intervalMs: number, now: () => number = Date.now): Pace {
  let lastEnd = 0;
  let lastDuration = 0;
  const isBacklog = ({ records, ms }: Behind) =>
    records >= BACKLOG_RECORDS || (records >= HISTORY_RECORDS && ms >= HISTORY_MS);
  return {
    isBacklog,
    isSmall: (records) => records < ENOUGH_RECORDS,
    noteCommit: (durationMs) => {
      lastEnd = now();
      lastDuration = durationMs;
    },
    dueAt: (records, behind, isQuiet) => {
      if (isBacklog(behind)) return lastEnd + (records >= BACKLOG_ENOUGH ? 0 : BACKLOG_INTERVAL_MS);
      const rest = Math.min(lastDuration / 2, LONGEST_REST_MS);
      const isPrompt = isQuiet || records >= ENOUGH_RECORDS;
      const step = isPrompt ? Math.min(PROMPT_INTERVAL_MS, intervalMs) : intervalMs;
      return Math.ceil(Math.max(lastEnd + rest, now()) / step) * step;
    },
  };
}
