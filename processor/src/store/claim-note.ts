import {
  type Catalog,
  COLLECTIONS,
  type MetricStart,
  type StoredMetric,
  type StoredMetricDocument,
} from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import type { Claim } from '../aggregate/claim.ts';
import { ProcessorError } from '../errors.ts';
import { gatherCalls } from '../gather.ts';
import { beginCausalReads, seeAll, through } from './causal-reads.ts';
import type { Database } from './database.ts';
import { type Generations, isCounted, storedMetricsOf } from './stored-metrics.ts';

/**
 * Called with every claim of a task, before anything is committed: makes sure that no process with another catalogue
 * has begun meanwhile, and notes where the task begins to count metrics that are new to it.
 * @throws {ProcessorError} `CATALOG_CHANGED` when this process must be started anew
 */
export type NoteClaim = (claim: Claim) => Promise<void>;

/**
 * Notes the claims of a process together while they come together: each would else read all metrics, and write to each, once for
 * every task.
 * @param tasksOf the live tasks that count a metric
 */
export function createClaimNote(
  database: Database,
  catalog: Catalog,
  generations: Generations,
  tasksOf: (metric: StoredMetric) => readonly string[],
): NoteClaim {
  const { client, storedMetrics } = database;
  const counting = storedMetricsOf(catalog).map(({ name, source }) => ({ name, source }));
  const tasksByMetric = new Map(
    storedMetricsOf(catalog).map((metric) => [metric.name, new Set(tasksOf(metric))]),
  );
  return gatherCalls<Claim>(async (claims) => {
    // Behind all of these claims.
    await using reads = beginCausalReads(client);
    for (const claim of claims) seeAll(reads, claim.reads);
    const stored = await readAccounts(
      storedMetrics,
      claims.map(({ task }) => task),
      reads,
    );
    refuseOtherCatalog(stored, catalog, generations);
    const begun = claims.flatMap((claim) => {
      const metrics = counting.filter(
        ({ name }) => tasksByMetric.get(name)!.has(claim.task) && !stored.get(name)!.started?.[claim.task],
      );
      return metrics.length > 0 ? [{ claim, metrics }] : [];
    });
    await noteStarts(database, begun);
  });
}

/**
 * Makes sure that the catalogue is still the one that was started last.
 * @throws {ProcessorError} `CATALOG_CHANGED` when this process must be started anew
 */
export type CheckCatalog = () => Promise<void>;

/** For processes that claim no task. */
export function createCatalogCheck(
  { storedMetrics }: Database,
  catalog: Catalog,
  generations: Generations,
): CheckCatalog {
  return async () => refuseOtherCatalog(await readAccounts(storedMetrics, []), catalog, generations);
}

/** Of a metric's account, what tells by which definition it is counted, and since when by some tasks. */
type Account = Pick<StoredMetricDocument, '_id' | 'generations' | 'forgotten'> & {
  readonly started?: Readonly<Record<string, MetricStart>>;
};

/** Accounts by metric, with no starts but those of some tasks: there is one for each of all tasks. */
async function readAccounts(
  collection: Database['storedMetrics'],
  tasks: readonly string[],
  reads?: ClientSession,
): Promise<ReadonlyMap<string, Account>> {
  const starts = tasks.map((task) => [`started.${task}`, 1] as const);
  const projection = { generations: 1, forgotten: 1, ...Object.fromEntries(starts) };
  const found = await collection.find<Account>({}, { ...through(reads), projection }).toArray();
  return new Map(found.map((account) => [account._id, account]));
}

function refuseOtherCatalog(
  stored: ReadonlyMap<string, Account>,
  catalog: Catalog,
  generations: Generations,
): void {
  const current = [...stored.values()].filter(({ forgotten }) => !forgotten);
  const same = current.every((document) => isCounted(document, catalog, generations));
  if (same && current.length === storedMetricsOf(catalog).length) return;
  throw new ProcessorError(
    'CATALOG_CHANGED',
    'A process with another catalogue has begun to work on this database: start this one again with the same release.',
  );
}

/** A claimed task, and the metrics that it begins to count. */
export interface Begun {
  readonly claim: Claim;
  readonly metrics: readonly Pick<StoredMetric, 'name' | 'source'>[];
}

/** Notes where claimed tasks begin to count metrics, in one write to each metric; what was noted first stays. */
export async function noteStarts(database: Database, begun: readonly Begun[]): Promise<void> {
  const starts = await Promise.all(
    begun.map(async ({ claim, metrics }) => ({
      metrics,
      task: claim.task,
      start: await startOf(database, claim, metrics),
    })),
  );
  /** Tasks of a group begin with the same metrics. */
  const byMetrics = Map.groupBy(starts, ({ metrics }) => metrics.map(({ name }) => name).join());
  for (const alike of byMetrics.values()) {
    const names = alike[0]!.metrics.map(({ name }) => name);
    const set = alike.map(({ task, start }) => {
      const field = `started.${task}`;
      return [field, { $ifNull: [`$${field}`, { $literal: start }] }] as const;
    });
    await database.storedMetrics.updateMany({ _id: { $in: names } }, [{ $set: Object.fromEntries(set) }]);
  }
}

async function startOf(database: Database, claim: Claim, metrics: Begun['metrics']): Promise<MetricStart> {
  const { offsets } = claim.checkpoint;
  // Before anything was read, no visit is there.
  const overVisits =
    Object.keys(offsets).length > 0 && metrics.some(({ source }) => source.from === 'session');
  return { offsets, ...(overVisits ? { openVisits: await keepOpenVisits(database, claim) } : {}) };
}

/**
 * Copies, within the server, which of the task's visits are not settled: the later change of these is counted live,
 * and must not be counted by a rebuild as well. The set bears the claim's epoch, so that only its owner adds to it.
 */
async function keepOpenVisits({ sessions }: Database, { task, epoch, reads }: Claim): Promise<string> {
  const set = `${task}|${epoch}`;
  const copying = sessions.aggregate(
    [
      { $match: { task, settled: false } },
      { $project: { _id: { $concat: [set, '|', '$_id'] }, set: { $literal: set }, visit: '$_id' } },
      { $merge: { into: COLLECTIONS.openVisits, whenMatched: 'keepExisting' } },
    ],
    { session: reads },
  );
  await copying.toArray();
  return set;
}
