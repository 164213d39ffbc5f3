import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, Timestamp } from 'mongodb';
import { seeAll } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';
import { commit, type TaskCommit, tryCommit } from './commit.ts';

/** Commits the tasks of a process. */
export interface Committer {
  /** Of the transactions that several tasks share; a claim of one of these tasks by another process ends it. */
  readonly session: ClientSession;
  /**
   * As `commit`.
   * @param isSmall whether it may wait a moment, and share a transaction with other tasks that commit at the same time
   */
  commit(
    wanted: TaskCommit,
    isSmall: boolean,
    isValid: () => boolean,
    onRetry: (error: Error) => void,
  ): Promise<Timestamp | undefined>;
  close(): Promise<void>;
}

/** Tasks commit at the same beat; what each reads before it commits takes them this long. */
const GATHER_MS = 25;

interface Waiting {
  readonly wanted: TaskCommit;
  readonly resolve: (together: Promise<boolean>) => void;
}

/**
 * Tasks that commit little at the same time share one transaction: its guards, its commit and its journal entry cost as
 * much for one task as for all. A transaction that fails for one of them fails for all, and then each commits alone: what it was
 * that failed, or whether it was committed after all, is found out there.
 */
export function createCommitter(database: Database, gatherMs = GATHER_MS): Committer {
  const session = database.client.startSession();
  let waiting: Waiting[] = [];
  /** A session has one transaction at a time. */
  let last: Promise<unknown> = Promise.resolve();

  const tryTogether = async (commits: readonly TaskCommit[]): Promise<boolean> => {
    try {
      return await tryCommit(database, session, commits);
    } catch {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      return false;
    }
  };
  const gather = async () => {
    await sleep(gatherMs);
    await last;
    const together = waiting;
    waiting = [];
    const done =
      together.length > 1 ? tryTogether(together.map(({ wanted }) => wanted)) : Promise.resolve(false);
    last = done;
    for (const { resolve } of together) resolve(done);
  };
  /** Whether it was committed together with others. */
  const share = (wanted: TaskCommit): Promise<boolean> =>
    new Promise((resolve) => {
      waiting.push({ wanted, resolve });
      if (waiting.length === 1) void gather();
    });

  return {
    session,
    commit: async (wanted, isSmall, isValid, onRetry) => {
      if (!isSmall || !(await share(wanted))) return commit(database, wanted, isValid, onRetry);
      seeAll(wanted.claim.reads, session);
      return session.operationTime;
    },
    close: () => session.endSession(),
  };
}
