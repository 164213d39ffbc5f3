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

/**
 * So many documents at most are in a transaction that is shared: hundreds of tasks have tens of thousands, which the server holds in
 * its cache until the end, for a minute at most, and which would fail together.
 */
const MOST_DOCUMENTS = 2_000;

interface Waiting {
  readonly wanted: TaskCommit;
  readonly resolve: (together: Promise<boolean>) => void;
}

/**
 * Tasks that commit little at the same time share one transaction: its guards, its commit and its journal entry cost as
 * much for one task as for all. A transaction that fails for one of them fails for all, and then each commits alone: what it was
 * that failed, or whether it was committed after all, is found out there.
 * @param mostDocuments of a shared transaction; what is more goes with the next
 */
export function createCommitter(
  database: Database,
  gatherMs = GATHER_MS,
  mostDocuments = MOST_DOCUMENTS,
): Committer {
  const session = database.client.startSession();
  const waiting: Waiting[] = [];
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
  /** Takes the first of those that wait, and as many more as fit. */
  const takeSome = (): readonly Waiting[] => {
    let documents = 0;
    const end = waiting.findIndex(({ wanted }, at) => {
      documents += documentsOf(wanted);
      return at > 0 && documents > mostDocuments;
    });
    return waiting.splice(0, end < 0 ? waiting.length : end);
  };
  const gather = async () => {
    await sleep(gatherMs);
    while (waiting.length > 0) {
      await last;
      const together = takeSome();
      const done =
        together.length > 1 ? tryTogether(together.map(({ wanted }) => wanted)) : Promise.resolve(false);
      last = done;
      for (const { resolve } of together) resolve(done);
    }
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

/** About how many documents a commit writes. */
function documentsOf({ content: { partials, sessions, facts } }: TaskCommit): number {
  let documents = 1 + partials.length + sessions.created.length + sessions.changed.length;
  for (const ofCollection of facts.values()) documents += ofCollection.length;
  return documents;
}
