import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import { createAggregateStage } from '../aggregate/stage.ts';
import type { TaskDependencies } from '../aggregate/task.ts';
import { createDecoder } from '../decode/decoder.ts';
import { noErasure } from '../erasure/erasure.ts';
import { ProcessorError } from '../errors.ts';
import type { Sender } from '../kafka/port.ts';
import { createTelemetry } from '../operate/telemetry.ts';
import type { ProcessorSettings } from '../settings.ts';
import type { Shops } from '../shops.ts';
import type { NoteClaim } from '../store/claim-note.ts';
import { boundedKafka, type Ends, endKey } from './bounded-kafka.ts';
import { type RebuildProgress, readRebuildProgress, seedCheckpoints } from './progress.ts';
import { rebuildEnds, rebuildGroups, rebuildPlan } from './rebuild-plan.ts';
import { type Rebuild, type RequestDependencies, refuseChangedLog } from './request.ts';
import { dropScratch, prepareScratch, scratchDatabase } from './scratch.ts';

const LOOK_EVERY_MS = 250;

/** What running a rebuild needs. */
export interface RunDependencies extends RequestDependencies {
  readonly sender: Sender;
  readonly shops: Shops;
  readonly logger: Logger;
  readonly settings: ProcessorSettings;
  readonly onProgress: (progress: RebuildProgress) => void;
  /** Aborted when it is to stop; it goes on from there the next time. */
  readonly signal: AbortSignal;
}

/**
 * Reads the log from its beginning up to where the live tasks began to count the metric, by tasks that commit like the
 * live ones: killed at any time, it goes on where it was. Two of them at once share the work.
 * @returns the records that the log dropped before they were read; more than 0: the metric lacks them
 * @throws the signal's reason when it is aborted
 */
export async function runRebuild(rebuild: Rebuild, dependencies: RunDependencies): Promise<{ lost: number }> {
  const { database, kafka, catalog, events, partitions, onProgress, shops, sender } = dependencies;
  const { id } = rebuild.document;
  const groups = rebuildGroups(rebuild, events);
  const ends = rebuildEnds(rebuild, groups, partitions);
  const scratch = scratchDatabase(database, id);
  await prepareScratch(database, id);
  await seedCheckpoints(scratch, kafka, groups);
  const begins = await beginsOf(
    dependencies,
    groups.flatMap(({ topics }) => topics),
  );
  const telemetry = createTelemetry();
  const plan = rebuildPlan(rebuild, catalog);
  const shared: Omit<TaskDependencies, 'committer' | 'noteClaim' | 'settleTo'> = {
    ...dependencies,
    ...dependencies.settings,
    database: scratch,
    sender: withoutDeadLetters(sender),
    decoder: createDecoder(events, (shop) => shops.get(shop)?.shop),
    ...{ plan, telemetry, keysOnly: true, erasureOf: () => noErasure },
    // Where nothing is left to be read, it has missed something, and counts nothing twice.
    refuseLosses: (losses, bounds) =>
      refuseChangedLog(losses.filter(({ topic, to }) => bounds.get(topic as TopicName)!.high > to)),
  };
  const pass = async (
    its: Pick<TaskDependencies, 'noteClaim' | 'settleTo'>,
    isDone: () => Promise<boolean>,
  ) => {
    const crash = Promise.withResolvers<never>();
    const stage = createAggregateStage(
      {
        kafka: boundedKafka(kafka, ends),
        groups,
        group: `storepulse-${id}`,
        onCrash: crash.reject,
      },
      { ...shared, ...its },
    );
    await stage.start();
    try {
      await Promise.race([crash.promise, untilDone(isDone, dependencies.signal)]);
    } finally {
      await stage.stop();
    }
  };

  const isRead = async () => {
    await refuseMovedEnds(rebuild, groups, ends, dependencies);
    const progress = await readRebuildProgress(scratch, groups, begins, ends);
    onProgress(progress);
    return progress.isRead && (await scratch.visitShares.findOne()) === null;
  };
  const isSettled = async () =>
    (await isRead()) &&
    (await scratch.sessions.findOne({ settled: false }, { projection: { _id: 1 } })) === null;

  // First without settling a visit: which of them were settled when the live tasks began is known, and not repeatable.
  if (!(await isRead())) await pass({ noteClaim: async () => undefined, settleTo: () => ({}) }, isRead);
  if (plan.countsVisits && !(await isSettled())) {
    await pass({ noteClaim: leaveOpenVisits(rebuild, dependencies), settleTo: allOf }, isSettled);
  }
  const lost = (await telemetry.recordsLost.get()).values.reduce((sum, { value }) => sum + value, 0);
  const { matchedCount } = await database.storedMetrics.updateOne(
    { _id: rebuild.metric.name, 'rebuilds.id': id },
    { $set: { 'rebuilds.$.finishedAt': new Date() } },
  );
  if (matchedCount === 0) {
    throw new ProcessorError(
      'REBUILD_REFUSED',
      `The database does not know of the rebuild of ${rebuild.metric.name} any more: somebody has emptied it meanwhile. Start it again.`,
    );
  }
  await dropScratch(database, id);
  return { lost };
}

/** A live task that has met a changed log counts from an earlier offset on: what lies behind it must not count twice. */
async function refuseMovedEnds(
  rebuild: Rebuild,
  groups: ReturnType<typeof rebuildGroups>,
  ends: Ends,
  { database, partitions }: RunDependencies,
): Promise<void> {
  const account = await database.storedMetrics.findOne({ _id: rebuild.metric.name });
  if (!account) return;
  const now = rebuildEnds({ ...rebuild, account }, groups, partitions);
  const moved = [...ends].find(([key, end]) => now.get(key)! < end);
  if (!moved) return;
  throw new ProcessorError(
    'REBUILD_REFUSED',
    `The log of ${moved[0]} was made anew or cut off while it was read: start the rebuild again.`,
  );
}

const allOf: NonNullable<TaskDependencies['settleTo']> = (watermarks) =>
  Object.fromEntries(Object.keys(watermarks.latest()).map((shop) => [shop, Number.POSITIVE_INFINITY]));

/** Takes the visits out of settling that were open when the live task began: that one settles them. */
function leaveOpenVisits({ account, document }: Rebuild, { database }: RunDependencies): NoteClaim {
  const { sessions } = scratchDatabase(database, document.id);
  return async ({ reads }) => {
    // Of all tasks: a visit that several of them have seen may belong to another one here.
    const sets = Object.values(account.started).flatMap(({ openVisits }) => openVisits ?? []);
    if (sets.length === 0) return;
    const closing = database.openVisits.aggregate(
      [
        { $match: { set: { $in: sets } } },
        { $project: { _id: '$visit', settled: { $literal: true } } },
        { $merge: { into: sessions.collectionName, whenMatched: 'merge', whenNotMatched: 'discard' } },
      ],
      { session: reads },
    );
    await closing.toArray();
  };
}

/** Records that can't be counted have been put aside when they were read first. */
const withoutDeadLetters = (sender: Sender): Sender => ({
  send: async (topic, records) => {
    if (topic !== 'dead-letter') await sender.send(topic, records);
  },
});

async function beginsOf(
  { kafka }: RunDependencies,
  topics: readonly Parameters<typeof endKey>[0][],
): Promise<Ends> {
  const begins = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, low } of await kafka.bounds(topic)) begins.set(endKey(topic, partition), low);
  }
  return begins;
}

async function untilDone(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isDone())) await sleep(LOOK_EVERY_MS, undefined, { signal });
}
