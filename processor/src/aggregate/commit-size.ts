/** How much of what a commit may hold at most a task puts into one: less after a transaction has hit a limit. */
export interface CommitSize {
  /** Share of the usual bounds, above 0 and at most 1. */
  readonly share: number;
  /** Records that are taken at once. */
  readonly records: number;
  /** Notes that a commit was too large: the next ones are a quarter of it. */
  shrink(): void;
  /** Notes that a commit went through: the next one may be a little larger. */
  grow(): void;
}

const SHRINK = 1 / 4;
const GROW = 1.25;
const LEAST = 1 / 4096;
/** Records of a small commit, at the full share. */
const RECORDS = 4096;

/** Begins with the usual size. It outlives the task's memory, which is dropped when a commit was too large. */
export function createCommitSize(): CommitSize {
  let share = 1;
  return {
    get share() {
      return share;
    },
    get records() {
      return share === 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(RECORDS * share));
    },
    shrink: () => {
      share = Math.max(LEAST, share * SHRINK);
    },
    grow: () => {
      share = Math.min(1, share * GROW);
    },
  };
}
