import type { TopicName } from '@storepulse/contracts';
import type { PartitionBounds } from '../kafka/port.ts';
import { createReturns } from '../returns/returns.ts';
import { announceWhereLed } from './announce.ts';
import { type Claim, claimTask, endClaim } from './claim.ts';
import { createCommitSize } from './commit-size.ts';
import { createEventIds } from './event-ids.ts';
import { createFacts } from './facts.ts';
import { createPartialCache } from './partials.ts';
import { describeLoss, noteLosses, type StartingPositions, startingPositions } from './positions.ts';
import { runTask } from './run-task.ts';
import { createSessions, visitExpiry } from './sessions.ts';
import { createTallier } from './tally.ts';
import type { Task, TaskDependencies } from './task.ts';
import { createWatermarks } from './watermarks.ts';
import { windowWeight } from './window-weight.ts';

/**
 * Claims a task and makes it ready to count: shops read as far as they can be, so that records get the fates that they
 * would get later; positions checked against the log; unannounced changes announced.
 */
export async function openTask(
  id: string,
  bounds: ReadonlyMap<TopicName, PartitionBounds>,
  onLost: (error: Error) => void,
  dependencies: TaskDependencies,
): Promise<Task> {
  const { database, logger, telemetry, owner, plan, sender, shops, now } = dependencies;
  // A moment ago.
  const boundsAskedAt = now();
  const unread = await shops.refresh();
  if (unread) logger.warn({ task: id }, unread.error.message);
  const claim = await claimTask(database, id, owner, dependencies.committer.session);
  const { reads } = claim;
  const { commitSize = createCommitSize() } = dependencies;
  try {
    await dependencies.noteClaim(claim);
    const start = await startingPositions(claim.checkpoint, bounds, dependencies.endOfEpoch, now());
    dependencies.refuseLosses?.(start.losses, bounds);
    if (start.losses.length > 0) await stateLosses(claim, start, bounds, dependencies);
    const { seq, publishedSeq } = claim.checkpoint;
    const changed = database.partials.find(
      { task: id, seq: { $gt: publishedSeq } },
      { session: reads, projection: { window: 1 } },
    );
    const windows = (await changed.toArray()).map(({ window }) => window);
    const refused = await announceWhereLed(sender, { task: id, seq, at: reads.operationTime }, windows);
    const unannounced = new Map(refused?.windows.map((window) => [window, publishedSeq + 1]));
    const eventIds = createEventIds(id, database.eventIds, { now, reads });
    await eventIds.load();
    const expiryOf = (shop: string) => visitExpiry(shops.get(shop)?.shop.retention, now());
    const sessions = createSessions(id, database, plan, { reads, expiryOf });
    const facts = createFacts(id, database.facts, { ...dependencies, reads });
    const returns = createReturns(id, database.facts, reads);
    const topics = [...bounds.keys()];
    const watermarks = createWatermarks({
      topics,
      ...dependencies,
      stored: claim.checkpoint,
    });
    const weightOf = (shop: string, start: number) => {
      const known = shops.get(shop);
      return known ? windowWeight(known, start, now()) : 1;
    };
    const parts = { plan, facts, returns, sessions, eventIds, watermarks, topics, commitSize, weightOf };
    const tallier = createTallier(parts);
    const partials = createPartialCache(id, database.partials, { reads });
    const forget = () => {
      partials.trim();
      sessions.trim();
      facts.trim();
      returns.trim();
    };
    const prune = () => eventIds.prune();
    telemetry.claims.inc();
    logger.info({ task: id, epoch: claim.epoch, seq: claim.checkpoint.seq, ms: now() }, 'task claimed');
    return runTask(
      {
        commitSize,
        claim,
        start,
        bounds,
        boundsAskedAt,
        tallier,
        watermarks,
        partials,
        sessions,
        eventIds,
        unannounced,
        forget,
        prune,
        onLost,
      },
      dependencies,
    );
  } catch (error) {
    await endClaim(claim);
    throw error;
  }
}

/** In the checkpoint first: what is logged and counted twice by a process that dies here is stated once there. */
async function stateLosses(
  claim: Claim,
  start: StartingPositions,
  bounds: ReadonlyMap<TopicName, PartitionBounds>,
  { database, logger, telemetry }: TaskDependencies,
): Promise<void> {
  await noteLosses(database, claim, start, new Map([...bounds].map(([topic, { high }]) => [topic, high])));
  for (const loss of start.losses) {
    telemetry.recordsLost.inc(loss.unread);
    telemetry.recordsCutOff.inc(loss.read);
    logger.error({ task: claim.task, ...loss }, describeLoss(loss));
  }
}
