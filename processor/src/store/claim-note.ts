import {
  type Catalog,
  COLLECTIONS,
  type MetricStart,
  type StoredMetric,
  type StoredMetricDocument,
} from '@storepulse/contracts';
import type { Claim } from '../aggregate/claim.ts';
import { ProcessorError } from '../errors.ts';
import type { Database } from './database.ts';
import { type Generations, isCounted, readStoredMetrics, storedMetricsOf } from './stored-metrics.ts';

/**
 * Called with every claim of a task, before anything is committed: makes sure that no process with another catalogue
 * has begun meanwhile, and notes where the task begins to count metrics that are new to it.
 * @throws {ProcessorError} `CATALOG_CHANGED` when this process must be started anew
 */
export type NoteClaim = (claim: Claim) => Promise<void>;

/** @param tasksOf the live tasks that count a metric */
export function createClaimNote(
  database: Database,
  catalog: Catalog,
  generations: Generations,
  tasksOf: (metric: StoredMetric) => readonly string[],
): NoteClaim {
  const metrics = storedMetricsOf(catalog);
  return async (claim) => {
    const stored = await readStoredMetrics(database.storedMetrics, claim.reads);
    refuseOtherCatalog(stored, catalog, generations);
    const begun = metrics.filter(
      (metric) => tasksOf(metric).includes(claim.task) && !stored.get(metric.name)!.started[claim.task],
    );
    await noteStart(database, claim, begun);
  };
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
  return async () => refuseOtherCatalog(await readStoredMetrics(storedMetrics), catalog, generations);
}

function refuseOtherCatalog(
  stored: ReadonlyMap<string, StoredMetricDocument>,
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

/** Notes where a claimed task begins to count metrics; what was noted first stays. */
export async function noteStart(
  database: Database,
  claim: Claim,
  metrics: readonly StoredMetric[],
): Promise<void> {
  if (metrics.length === 0) return;
  const { offsets } = claim.checkpoint;
  // Before anything was read, no visit is there.
  const overVisits =
    Object.keys(offsets).length > 0 && metrics.some(({ source }) => source.from === 'session');
  const start: MetricStart = {
    offsets,
    ...(overVisits ? { openVisits: await keepOpenVisits(database, claim) } : {}),
  };
  const field = `started.${claim.task}`;
  await database.storedMetrics.updateMany(
    { _id: { $in: metrics.map(({ name }) => name) }, [field]: { $exists: false } },
    { $set: { [field]: start } },
  );
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
