import {
  type Catalog,
  type MongoSettings,
  SESSION_IDLE_MS,
  type WarehouseRunDocument,
} from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import { type LakeSettings, openStore } from '@storepulse/lake';
import type { MongoClient } from 'mongodb';
import { WarehouseError } from '../errors.ts';
import type { Scope } from '../lake/open-sources.ts';
import { readProject } from '../project/read-project.ts';
import { readLedger } from '../reconcile/read-ledger.ts';
import { type Reconciled, type ReconcileOptions, reconcile } from '../reconcile/reconcile.ts';
import { report } from '../reconcile/report.ts';
import { type Database, openDatabase } from '../run/database.ts';
import { type Refreshed, refresh } from '../run/refresh.ts';
import { type TestResult, testModels } from '../run/test-models.ts';
import type { WarehouseSettings } from '../settings.ts';
import { openLake } from './open-lake.ts';
import { withRetries } from './retry.ts';
import { openRunLog } from './run-log.ts';

/** What the warehouse can be asked to do. */
export interface WarehouseJob {
  /** Brings the warehouse up to the lake, with retries, and notes it in the run log. */
  refresh(kind: 'run' | 'backfill', scope: Scope): Promise<Refreshed>;
  /** Runs the tests of the data. */
  test(): Promise<TestResult[]>;
  /** Compares with the stream, and notes it in the run log. @param ledger file of what must be */
  reconcile(asked: Pick<ReconcileOptions, 'shop' | 'from' | 'to'> & { ledger?: string }): Promise<Reconciled>;
  /** The latest runs, latest first. */
  runs(count: number): Promise<WarehouseRunDocument[]>;
  close(): Promise<void>;
}

/** What a job works with. */
export interface JobOptions {
  readonly settings: WarehouseSettings;
  readonly mongo: MongoSettings;
  readonly lake: LakeSettings;
  readonly catalog: Catalog;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told what goes on, for people. */
  readonly say: (text: string) => void;
}

const SERVER_SELECTION_MS = 5_000;
/** The archive is behind the stream by this much at most; visits that may still go on in between have not ended. */
const ARCHIVE_LAG_MS = 2 * 60_000;

/**
 * Opens the job over the servers that the settings name.
 * @throws {WarehouseError} `UNREACHABLE` when MongoDB can't be read
 */
export async function openJob(options: JobOptions): Promise<WarehouseJob> {
  const { settings, mongo, catalog, now, sleep, say } = options;
  const client = await connect(mongo);
  const db = client.db(mongo.database);
  const log = openRunLog(db, now);
  const store = openStore(options.lake);
  const project = readProject();
  const withDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase(settings.file, { memoryMb: settings.memoryMb });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  };
  const lastRun = async () =>
    (await log.latest(100)).find(({ kind, outcome }) => kind !== 'reconcile' && outcome === 'succeeded')
      ?.startedAt;

  return {
    refresh: async (kind, scope) => {
      const end = await log.begin(kind, describe(scope));
      let attempts = 0;
      try {
        const refreshed = await withRetries(
          () =>
            withDatabase(async (database) => {
              const lake = await openLake({ client, db, store, cache: settings.cache }, await lastRun());
              if (lake.files.length === 0)
                throw new WarehouseError(
                  'REQUEST',
                  `The lake ${store.location} has no files yet: does the archiver run, with the same LAKE_LOCATION and MongoDB?`,
                );
              const settledThrough = now() - ARCHIVE_LAG_MS - SESSION_IDLE_MS;
              return refresh({ database, project, lake, scope, settledThrough });
            }),
          {
            ...{ retries: settings.retries, retryMs: settings.retryMs, sleep },
            onRetry: (error, ms) => say(`${error.message} Tried again in ${ms / 1_000} s.`),
          },
          (attempt) => {
            attempts = attempt;
          },
        );
        await end({ outcome: 'succeeded', attempts, days: refreshed.days });
        return refreshed;
      } catch (error) {
        await end({ outcome: 'failed', attempts, error: (error as Error).message });
        throw error;
      }
    },
    test: () => withDatabase((database) => testModels(database, project)),
    reconcile: async ({ ledger: file, ...asked }) => {
      const end = await log.begin(
        'reconcile',
        [asked.shop, asked.from, asked.to].filter(Boolean).join(' ') || 'all',
      );
      try {
        const ledger = file === undefined ? undefined : await readLedger(file);
        const exporter = { url: settings.exporter, key: settings.exporterKey };
        const found = await withDatabase((database) =>
          reconcile({ ...asked, database, catalog, exporter, now: now(), ...(ledger ? { ledger } : {}) }),
        );
        const { cells, differences } = found;
        const isSound = differences.length === 0;
        await end({
          ...{
            outcome: isSound ? 'succeeded' : 'failed',
            attempts: 1,
            cells,
            differences: differences.length,
          },
          ...(isSound ? {} : { error: report(found) }),
        });
        return found;
      } catch (error) {
        await end({ outcome: 'failed', attempts: 1, error: (error as Error).message });
        throw error;
      }
    },
    runs: log.latest,
    close: () => client.close(),
  };
}

/** What a run makes anew, for people. */
function describe(scope: Scope): string {
  if (scope.kind === 'all') return 'all days';
  if (scope.kind === 'changed') return 'changed days';
  return `${scope.from} to ${scope.to}${scope.shop === undefined ? '' : ` of ${scope.shop}`}`;
}

async function connect(mongo: MongoSettings): Promise<MongoClient> {
  const client = mongoClient(mongo, {
    appName: 'storepulse-warehouse',
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  });
  try {
    return await client.connect();
  } catch (error) {
    throw new WarehouseError(
      'UNREACHABLE',
      `MongoDB can't be read: ${(error as Error).message}. Is it running (npm start)? MONGODB_URI names its address.`,
      { cause: error },
    );
  }
}
