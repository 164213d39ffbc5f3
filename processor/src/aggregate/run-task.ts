import { ProcessorError } from '../errors.ts';
import type { Batch } from '../kafka/port.ts';
import { createWatchdog } from '../operate/watchdog.ts';
import { createAlignment } from './alignment.ts';
import { endClaim } from './claim.ts';
import { createBatchDecoder } from './decode-batch.ts';
import { createPlacement } from './placement.ts';
import { storedLogs } from './positions.ts';
import { createReadProgress } from './read-progress.ts';
import type { DecodedRecord } from './tally.ts';
import type { Task, TaskDependencies, TaskParts } from './task.ts';
import { createTaskCommits } from './task-commits.ts';

/** Lag that steady traffic has anyhow. */
const CAUGHT_UP_MS = 10_000;
/** Records of a batch that are taken before the first commit after a claim: of history, 500 change thousands of windows. */
const FIRST_RECORDS = 50;

/** Records that are counted in one turn at least. */
const LEAST_AT_ONCE = 32;

/** When it happened; a record that tells no event: when it was sent. */
const eventTimeOf = ({ record, decoded }: DecodedRecord): number =>
  decoded.kind === 'event' ? Math.min(decoded.event.eventTime, record.timestamp) : record.timestamp;

/** Counts and commits what comes, until the task is closed or lost. */
export function runTask(parts: TaskParts, dependencies: TaskDependencies): Task {
  const { claim, commitSize, tallier, watermarks, partials } = parts;
  const { positions, marks } = parts.start;
  const { database, shops, telemetry, now } = dependencies;
  const id = claim.task;
  const progress = createReadProgress({
    bounds: parts.bounds,
    askedAt: parts.boundsAskedAt,
    positions,
    watermarks,
    levelAt: claim.checkpoint.levelAt ?? 0,
    now,
  });
  const { ends, lag } = progress;
  const { settleTo = progress.watermarks } = dependencies;
  const decodeBatch = createBatchDecoder(dependencies.decoder, shops);
  const placement = createPlacement(id, dependencies.partitions, dependencies.logger);
  const erasure = dependencies.erasureOf(id, claim.reads);
  const watchdog = createWatchdog(id, ['MongoDB'], now);
  let valid = true;
  let draining = false;
  let lost: Error | undefined;
  let lastRecordAt: number | undefined;
  /** The latest of what was counted last. */
  let eventTime: number | undefined;
  const { alignment = createAlignment(now) } = dependencies;
  const places = new Map(
    [...ends.keys()].map((topic) => [topic, alignment.join(() => progress.lagOf(topic) > 0)] as const),
  );
  const leaveAlignment = () => {
    for (const place of places.values()) place.leave();
  };

  const lose = (error: Error) => {
    if (!valid) {
      // The group told of the new owner before a write of ours that was under way was refused.
      if (error instanceof ProcessorError && error.code === 'FENCED') telemetry.fenced.inc();
      return;
    }
    valid = false;
    lost = error;
    leaveAlignment();
    void commits.end();
    parts.onLost(error);
  };
  const behind = () => ({ records: lag(), ms: eventTime === undefined ? 0 : now() - eventTime });
  const commits = createTaskCommits(
    { ...parts, progress, placement, erasure, watchdog, behind, isValid: () => valid, lose },
    dependencies,
  );
  /** A shop that was taken off its topic is not known after a restart: its visits wait until it is told again. */
  const ofKnownShops = (reached: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(reached).filter(([shop]) => shops.get(shop) !== undefined));
  const isOver = () => !valid || draining;
  /** Counts some records of a batch, up to an offset. What they need is loaded. */
  const count = (
    { topic, partition, records, mark }: Batch,
    entries: readonly DecodedRecord[],
    reached: number,
  ) => {
    let latest = Number.NEGATIVE_INFINITY;
    for (const entry of entries) {
      if (entry.decoded.kind !== 'unreadable') placement.note(topic, partition, entry.record);
      tallier.add(topic, partition, entry);
      latest = Math.max(latest, eventTimeOf(entry));
    }
    lastRecordAt = (entries.at(-1)?.record ?? records.at(-1))?.timestamp ?? lastRecordAt;
    if (entries.length > 0) eventTime = latest;
    positions.set(topic, Math.max(reached, positions.get(topic)!));
    if (mark) marks.set(topic, mark);
    watchdog.moved();
    if (entries.length > 0) commits.schedule();
  };
  /** Waits until more may be counted; false when the task has ended meanwhile. */
  const hasRoom = async (): Promise<boolean> => {
    while (!isOver() && tallier.isFull()) await commits.commit();
    return !isOver();
  };

  return {
    id,
    positions,
    marks,
    losses: [...(claim.checkpoint.losses ?? []), ...parts.start.losses],
    state: () => ({
      lag: lag(),
      lagMs: lag() === 0 || lastRecordAt === undefined ? 0 : Math.max(0, now() - lastRecordAt),
      watermarks: progress.watermarks(),
      windows: partials.size,
      visits: parts.sessions.size,
      eventIds: parts.eventIds.size,
    }),
    isBehind: () => lag() > 0 && (lastRecordAt === undefined || now() - lastRecordAt > CAUGHT_UP_MS),
    complaints: () => [...watchdog.complaints(), ...commits.complaints()],
    process: async (batch, control) => {
      const { topic, next, end } = batch;
      progress.noteEnd(topic, end);
      const decoded = await decodeBatch(batch, positions.get(topic)!);
      // A task that was waited for shows something soon; the rest is handed over again.
      const isFirst = commits.seq() === claim.checkpoint.seq && !commits.isRunning();
      const most = Math.min(isFirst ? FIRST_RECORDS : Number.POSITIVE_INFINITY, commitSize.records);
      const entries = decoded.length > most ? decoded.slice(0, most) : decoded;
      const reached = entries.length < decoded.length ? entries.at(-1)!.record.offset + 1 : next;
      // Before loading: a commit's end may push loaded state out of memory again.
      if (!(await hasRoom())) return;
      const release = await tallier.load(entries);
      const place = places.get(topic)!;
      let from = 0;
      try {
        do {
          const until = from < entries.length ? await place.turn(eventTimeOf(entries[from]!)) : 0;
          if (!(await hasRoom())) return;
          let to = Math.min(from + LEAST_AT_ONCE, entries.length);
          while (to < entries.length && eventTimeOf(entries[to]!) <= until) to++;
          const upTo = to < entries.length ? entries[to]!.record.offset : reached;
          count(batch, entries.slice(from, to), upTo);
          control.resolve(upTo - 1);
          from = to;
        } while (from < entries.length);
      } finally {
        release();
        place.rest();
      }
    },
    noteEnds: (seen, askedAt = now()) => {
      for (const topic of progress.noteAskedEnds(seen, askedAt))
        lose(new Error(`the log of ${topic} has become shorter`));
      watchdog.waits(lag() > 0);
    },
    reached: () => settleTo(watermarks),
    settle: async () => {
      let more = true;
      while (more && !isOver()) {
        if (tallier.isFull()) await commits.commit();
        more = await tallier.settle(ofKnownShops(settleTo(watermarks)));
        // Committed before the next look, which would find the same visits again.
        if (more && tallier.size > 0) await commits.commit();
      }
      if (tallier.size > 0) commits.schedule();
    },
    erase: async () => {
      // Orders found while a commit runs go with the next one.
      if (!isOver() && (await erasure.look())) await commits.commit();
    },
    heartbeat: () => {
      if (!valid || commits.isRunning() || tallier.size > 0) return undefined;
      return {
        filter: { _id: id, epoch: claim.epoch, seq: commits.seq() },
        update: {
          $set: {
            ...progress.read(),
            logs: storedLogs(marks, ends),
            publishedSeq: commits.publishedSeq(),
            updatedAt: new Date(),
          },
        },
      };
    },
    answered: () => watchdog.answered('MongoDB'),
    checkOwner: async () => {
      const stored = await database.checkpoints.findOne(
        { _id: id },
        { session: claim.reads, projection: { epoch: 1 } },
      );
      if (valid && stored?.epoch !== claim.epoch)
        lose(new ProcessorError('FENCED', `${id}: claimed by another owner`));
    },
    drain: async () => {
      draining = true;
      leaveAlignment();
      await commits.commitAll();
      if (lost) throw lost;
    },
    close: async () => {
      valid = false;
      leaveAlignment();
      await commits.end();
      await endClaim(claim);
    },
  };
}
