import type { CommitContent } from '@storepulse/processor/aggregate/commit';

/** What a commit writes: progress alone, and what is given. */
export const content = (fields: Partial<CommitContent> = {}): CommitContent => ({
  checkpoint: {
    offsets: { transactions: 1 },
    watermarks: {},
    latest: {},
    fates: { processed: 1 },
    late: 0,
    publishedSeq: 0,
    caughtUp: false,
  },
  partials: [],
  sessions: { created: [], changed: [], shares: [], takenIn: [] },
  facts: new Map(),
  records: new Map(),
  annotations: new Map(),
  eventIds: undefined,
  ...fields,
});

/** An order as a task stores it. */
export const fact = (id: string) => new Map([['orders' as const, [{ _id: id, task: 'facts/0' }]]]);
