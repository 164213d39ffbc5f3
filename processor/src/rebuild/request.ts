import {
  type Catalog,
  type EventRegistry,
  type RebuildDocument,
  type StoredLoss,
  type StoredMetric,
  type StoredMetricDocument,
  TOPIC_CONFIG,
  type TopicName,
} from '@storepulse/contracts';
import { claimTask } from '../aggregate/claim.ts';
import { startingPositions } from '../aggregate/positions.ts';
import { ProcessorError } from '../errors.ts';
import type { Kafka, PartitionBounds } from '../kafka/port.ts';
import { noteStarts } from '../store/claim-note.ts';
import type { Database } from '../store/database.ts';
import { newDocument, remember, storedMetricsOf } from '../store/stored-metrics.ts';
import { taskGroups, tasksOfMetric, topicsOf } from '../task-groups.ts';
import { completeSince } from './retained-log.ts';

/** What deciding on a rebuild needs. */
export interface RequestDependencies {
  readonly catalog: Catalog;
  readonly events: EventRegistry;
  readonly database: Database;
  readonly kafka: Kafka;
  /** Partitions of the input topics. */
  readonly partitions: number;
  /** Names this process. */
  readonly owner: string;
  readonly now: () => number;
}

/** A rebuild that is to be run, or has been. */
export interface Rebuild {
  readonly metric: StoredMetric;
  /** The account of the metric, with where its live tasks began. */
  readonly account: StoredMetricDocument;
  readonly document: RebuildDocument;
}

const refused = (message: string) => new ProcessorError('REBUILD_REFUSED', message);

/**
 * Decides on the rebuild of a metric and records it, or finds the one that was recorded before. From then on a changed
 * definition is accepted: the live tasks begin to count it, and what the older definition counted is shown only where
 * the log no longer reaches.
 * @param from count what happened from then on (epoch ms). @default everything that the log still holds
 * @returns undefined when there is nothing to rebuild: the metric has been counted from the log's beginning
 * @throws {ProcessorError} `REBUILD_REFUSED`, telling why and what to do
 */
export async function requestRebuild(
  name: string,
  from: number | undefined,
  dependencies: RequestDependencies,
): Promise<Rebuild | undefined> {
  const { catalog, events, database, kafka, now } = dependencies;
  const metric = findMetric(name, catalog);
  refuseCompacted(metric, events);
  await refuseUnnoticed(metric, dependencies);
  const before = await accountOf(metric, dependencies);
  if (before.measure !== null && before.measure !== metric.measure) {
    throw refused(
      `${name} was a ${before.measure} and is a ${metric.measure} now: what reads its windows would mistake one for the other. Give it a new name.`,
    );
  }
  const hash = catalog.schemaHashes.get(name)!;
  const isCurrent = before.generations.at(-1)!.hash === hash;
  const id = `rebuild-${name}-${before.generations.length + (isCurrent ? 0 : 1)}`;
  const known = before.rebuilds?.find((rebuild) => rebuild.id === id);
  if (known) {
    refuseOtherBegin(name, known, from);
    return { metric, account: await fixStarts(metric, known.tasks, dependencies), document: known };
  }

  const tasks = tasksOfMetric(metric, events, taskGroups, dependencies.partitions);
  if (isCurrent && (await isCountedFromTheBeginning(metric, tasks, dependencies))) return undefined;
  const since = Math.max(from ?? 0, await completeSince(kafka, topicsOf(metric, events), now()));
  const startedAt = new Date(now());
  const document = { id, group: metric.group, tasks, asked: from ?? 0, from: since, startedAt };
  const { matchedCount } = await database.storedMetrics.updateOne(
    { _id: name, generations: { $size: before.generations.length }, 'rebuilds.id': { $ne: id } },
    isCurrent
      ? { $push: { rebuilds: document } }
      : {
          $push: { rebuilds: document, generations: { hash, from: since, at: startedAt } },
          $set: { measure: metric.measure, started: {} },
        },
  );
  // Another process has just decided the same.
  if (matchedCount === 0) return requestRebuild(name, from, dependencies);
  return { metric, account: await fixStarts(metric, tasks, dependencies), document };
}

function findMetric(name: string, catalog: Catalog): StoredMetric {
  const found = catalog.metrics.get(name) ?? storedMetricsOf(catalog).find((metric) => metric.name === name);
  if (found?.kind === 'stored') return found;
  if (!found) throw refused(`There is no metric ${name}. Without options, npm run rebuild lists all.`);
  if (found.kind === 'fact')
    throw refused(`${name} is read from the business facts themselves: it has all of the past already.`);
  const parts = catalog.partsOf(found).map((part) => part.name);
  throw refused(
    `${name} is not stored but computed when read. Rebuild what it is made of: ${parts.join(', ')}.`,
  );
}

function refuseCompacted(metric: StoredMetric, events: EventRegistry): void {
  const compacted = topicsOf(metric, events).filter(
    (topic) => TOPIC_CONFIG[topic]['cleanup.policy'] === 'compact',
  );
  if (compacted.length === 0) return;
  throw refused(
    `${metric.name} counts records of the compacted topic ${compacted.join(', ')}, which keeps only the latest state of each key: it counts from now on.`,
  );
}

/**
 * A log that was made anew or cut off, of which a live task does not know yet: it will count what is new there, and has
 * not noted that it does.
 */
async function refuseUnnoticed(
  metric: StoredMetric,
  { database, events, kafka, partitions, now }: RequestDependencies,
): Promise<void> {
  const bounds = new Map<TopicName, readonly PartitionBounds[]>();
  for (const topic of topicsOf(metric, events)) bounds.set(topic, await kafka.bounds(topic));
  const tasks = tasksOfMetric(metric, events, taskGroups, partitions);
  for await (const checkpoint of database.checkpoints.find({ _id: { $in: tasks } })) {
    const own = new Map(
      [...bounds].flatMap(([topic, all]) => {
        const bound = all.find(({ partition }) => checkpoint._id.endsWith(`/${partition}`));
        return bound ? [[topic, bound] as const] : [];
      }),
    );
    const { losses } = await startingPositions(checkpoint, own, kafka.endOfEpoch, now());
    refuseChangedLog(losses);
  }
}

/** @throws {ProcessorError} `REBUILD_REFUSED` when a log has changed otherwise than by deleting its beginning */
export function refuseChangedLog(losses: readonly StoredLoss[]): void {
  const changed = losses.find(({ change }) => change !== 'deleted');
  if (!changed) return;
  const { topic, partition, change } = changed;
  const what =
    change === 'made-anew'
      ? `The topic ${topic} was deleted and made anew`
      : `The log of ${topic}, partition ${partition}, was cut off`;
  throw refused(
    `${what}: what is new there is counted by the processor. Let it run until it has caught up, then start the rebuild again.`,
  );
}

function refuseOtherBegin(
  name: string,
  { asked, from, finishedAt }: RebuildDocument,
  wanted: number | undefined,
): void {
  if (wanted === undefined || wanted === asked) return;
  const begin = from === 0 ? 'its beginning' : new Date(from).toISOString();
  throw refused(
    `The rebuild of ${name} ${finishedAt ? 'counted' : 'counts'} the log from ${begin}: ${finishedAt ? 'to count it anew, raise its revision in the catalogue' : 'run it again without --from to go on'}.`,
  );
}

/** What is known of a metric; one that the processor has not met yet is noted as it would. */
async function accountOf(
  metric: StoredMetric,
  dependencies: RequestDependencies,
): Promise<StoredMetricDocument> {
  const { catalog } = dependencies;
  const { storedMetrics } = dependencies.database;
  const { _id, ...fields } = newDocument(metric, catalog);
  const options = { upsert: true, returnDocument: 'after' } as const;
  const found = await storedMetrics.findOneAndUpdate({ _id }, { $setOnInsert: fields }, options);
  if (!found!.forgotten) return found!;
  await remember(storedMetrics, found!, catalog);
  return accountOf(metric, dependencies);
}

async function isCountedFromTheBeginning(
  metric: StoredMetric,
  tasks: readonly string[],
  dependencies: RequestDependencies,
): Promise<boolean> {
  const { events, kafka } = dependencies;
  const { started } = await fixStarts(metric, tasks, dependencies);
  for (const topic of topicsOf(metric, events)) {
    for (const { partition, low } of await kafka.bounds(topic)) {
      const starts = tasks.filter((task) => task.endsWith(`/${partition}`)).map((task) => started[task]!);
      if (starts.some(({ offsets }) => (offsets[topic] ?? 0) > low)) return false;
    }
  }
  return true;
}

/**
 * Makes sure that it is noted where each live task begins to count a metric. A task that has not said so is claimed
 * for a moment: it is not running, or runs with an older release, which a claim ends.
 */
async function fixStarts(
  metric: StoredMetric,
  tasks: readonly string[],
  { database, owner }: RequestDependencies,
): Promise<StoredMetricDocument> {
  const read = async () => (await database.storedMetrics.findOne({ _id: metric.name }))!;
  const { started } = await read();
  for (const task of tasks.filter((each) => !started[each])) {
    const claim = await claimTask(database, task, owner);
    try {
      await noteStarts(database, [{ claim, metrics: [metric] }]);
    } finally {
      await claim.session.endSession();
    }
  }
  return read();
}
