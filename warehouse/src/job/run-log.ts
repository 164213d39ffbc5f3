import { COLLECTIONS, type WarehouseRunDocument } from '@storepulse/contracts';
import type { Db } from 'mongodb';

/** What is known of a run when it ends. */
export type RunEnd = Pick<WarehouseRunDocument, 'outcome' | 'attempts'> &
  Partial<Pick<WarehouseRunDocument, 'days' | 'cells' | 'differences' | 'error'>>;

/** The log of runs, in MongoDB: whoever watches the warehouse reads it there, whichever machine has run it. */
export interface RunLog {
  /** Notes a run that begins; the function that is returned notes its end. */
  begin(kind: WarehouseRunDocument['kind'], scope: string): Promise<(end: RunEnd) => Promise<void>>;
  /** The latest runs, latest first. */
  latest(count: number): Promise<WarehouseRunDocument[]>;
}

/** Runs are kept for so long. */
const KEPT_MS = 400 * 86_400_000;
/** An error's text is cut there: examples of rows can be long. */
const LONGEST_ERROR = 2_000;

/** Opens the log of a database. @param now wall clock, epoch ms. @default Date.now */
export function openRunLog(db: Db, now: () => number = Date.now): RunLog {
  const runs = db.collection<WarehouseRunDocument>(COLLECTIONS.warehouseRuns);
  return {
    begin: async (kind, scope) => {
      const startedAt = new Date(now());
      const _id = `${startedAt.toISOString()} ${kind}`;
      await runs.deleteMany({ startedAt: { $lt: new Date(now() - KEPT_MS) } });
      await runs.insertOne({ _id, kind, scope, startedAt, outcome: 'running', attempts: 1 });
      return async ({ error, ...end }) => {
        const told = error === undefined ? {} : { error: error.slice(0, LONGEST_ERROR) };
        await runs.updateOne({ _id }, { $set: { ...end, ...told, endedAt: new Date(now()) } });
      };
    },
    latest: (count) => runs.find().sort({ startedAt: -1 }).limit(count).toArray(),
  };
}
