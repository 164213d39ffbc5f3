/** How much comes to a task. */
export interface Traffic {
  /** Notes that so many records are committed. */
  note(records: number): void;
  /** Whether few records have come lately, those that wait for their commit among them. */
  isQuiet(waiting: number): boolean;
}

/** About one record in a second. */
const FEW_RECORDS = 8;
const PERIOD_MS = 4_000;

/** Counts the records of this period and the one before. @param now wall clock, epoch ms. @default Date.now */
export function createTraffic(now: () => number = Date.now): Traffic {
  let period = 0;
  let before = 0;
  let current = 0;
  const turn = () => {
    const at = Math.floor(now() / PERIOD_MS);
    if (at === period) return;
    before = at === period + 1 ? current : 0;
    current = 0;
    period = at;
  };
  return {
    note: (records) => {
      turn();
      current += records;
    },
    isQuiet: (waiting) => {
      turn();
      return before + current + waiting <= FEW_RECORDS;
    },
  };
}
