/** Keeps what a process reads at about the same event time while it works off history. */
export interface Alignment {
  /** Adds a topic of a task. @param hasMore whether records of it are known that have not been counted */
  join(hasMore: () => boolean): AlignedTopic;
}

/** A topic of a task that keeps in step with the others. */
export interface AlignedTopic {
  /**
   * Returns once the topic may be counted from an event of this time (epoch ms) on.
   * @returns until when: what is later has to ask again
   */
  turn(time: number): Promise<number>;
  /** Nothing of it is being counted, nor waits to be. */
  rest(): void;
  /** Nothing of it will be counted any more. */
  leave(): void;
}

/** What is younger is not history: it is counted as it comes. */
const HISTORY_MS = 60_000;
/** So far a topic may be ahead of the one that is furthest behind. */
const SPAN_MS = 15 * 60_000;
/** A topic that has records and hands none over for so long is waited for no longer: its leader may be away. */
const SILENT_MS = 2_000;
/** The same of one that is being counted: its commit may wait for a server. */
const STUCK_MS = 10_000;
/** How often it is looked whether one has become silent. */
const LOOK_MS = 250;

interface Place {
  readonly hasMore: () => boolean;
  /** Event time of what it counts, or waits to count. */
  at: number;
  isWorking: boolean;
  /** Not waited for until it has something. */
  isSilent: boolean;
  /** When it did something last, by the clock. */
  since: number;
  /** Lets it go on, while it waits. */
  go: ((until: number) => void) | undefined;
}

/**
 * Of a backlog each topic of each task would be read as fast as it comes, some of them days ahead of others. Then a window is
 * written anew for every topic that it is counted from, and merged anew for every task. So those that are ahead wait for those
 * that are behind. No figure depends on this order.
 * @param now wall clock, epoch ms
 * @param clock in ms, which nobody sets
 */
export function createAlignment(now: () => number, clock = () => performance.now()): Alignment {
  const places = new Set<Place>();
  /** How many of them wait. With none, what changes is nobody's business: there may be thousands of places. */
  let waiting = 0;
  let willLook = false;

  const isAwaited = (place: Place): boolean => {
    if (place.go) return true;
    if (place.isSilent || !place.hasMore()) return false;
    place.isSilent = clock() - place.since >= (place.isWorking ? STUCK_MS : SILENT_MS);
    return !place.isSilent;
  };
  const look = () => {
    if (waiting === 0) return;
    let least = Number.POSITIVE_INFINITY;
    for (const place of places) if (place.at < least && isAwaited(place)) least = place.at;
    let isWaiting = false;
    for (const place of places) {
      if (!place.go) continue;
      if (place.at <= least + SPAN_MS) letGo(place, least + SPAN_MS);
      else isWaiting = true;
    }
    if (!isWaiting || willLook) return;
    willLook = true;
    setTimeout(lookAgain, LOOK_MS).unref();
  };
  const lookAgain = () => {
    willLook = false;
    look();
  };
  const letGo = (place: Place, until: number) => {
    if (place.go) waiting--;
    place.go?.(until);
    place.go = undefined;
    place.isWorking = true;
  };
  const note = (place: Place) => {
    place.since = clock();
    place.isSilent = false;
  };

  return {
    join: (hasMore) => {
      const place: Place = {
        ...{ hasMore, at: Number.NEGATIVE_INFINITY, isWorking: false },
        // Nobody waits for the first of it: a task may be claimed and lost time and again.
        ...{ isSilent: true, since: clock(), go: undefined },
      };
      places.add(place);
      return {
        turn: (time) =>
          new Promise((resolve) => {
            note(place);
            place.at = time;
            if (!place.go) waiting++;
            place.go = resolve;
            if (time > now() - HISTORY_MS || !places.has(place)) letGo(place, Number.POSITIVE_INFINITY);
            look();
          }),
        rest: () => {
          note(place);
          place.isWorking = false;
          look();
        },
        leave: () => {
          if (place.go) letGo(place, Number.POSITIVE_INFINITY);
          places.delete(place);
          look();
        },
      };
    },
  };
}
