import { setTimeout } from 'node:timers/promises';
import { type CheckpointDocument, COLLECTIONS } from '@storepulse/contracts';
import type { Db } from 'mongodb';
import { SimulatorError } from '../errors.ts';
import type { Judgement } from './compare-cell.ts';

/** A visit has ended after so much silence, by the published definition. */
const IDLE_MS = 30 * 60_000;
const LOOK_EVERY_MS = 250;
const STUCK_MS = 60_000;

/** A visit as the processor stores it, as far as it is looked at here. */
interface StoredVisit {
  readonly task: string;
  readonly shop: string;
  readonly lastTime: number;
  readonly settled: boolean;
}

/** A watermark leaves the latest event behind when nothing has come for a while; events older than this are history. */
const HISTORY_MS = 10 * 60_000;
const LEAVES_WITHIN_MS = 30_000;

/**
 * Which visits of a shop the processor must have judged by now, going by the watermarks that it tells, and which it
 * may judge while figures are read. Returns once it has judged the former; after a history that ended long ago, once
 * its watermarks have left that behind, so that all of its visits are judged.
 * @throws {SimulatorError} `not-drained` when for a minute no more of them have been judged
 */
export async function judgementOf(db: Db, shop: string): Promise<Judgement> {
  let { tasks, least, latest } = await watermarksOf(db, shop);
  const leavesBy = Date.now() + LEAVES_WITHIN_MS;
  while (latest > 0 && least <= latest && latest < Date.now() - HISTORY_MS && Date.now() < leavesBy) {
    await setTimeout(LOOK_EVERY_MS);
    ({ tasks, least, latest } = await watermarksOf(db, shop));
  }
  const sure = least - IDLE_MS;

  const visits = db.collection<StoredVisit>(COLLECTIONS.sessions);
  const due = { task: { $in: tasks }, shop, settled: false, lastTime: { $lte: sure } };
  let deadline = Date.now() + STUCK_MS;
  let fewest = Number.POSITIVE_INFINITY;
  for (;;) {
    const left = Number.isFinite(sure) ? await visits.countDocuments(due) : 0;
    if (left === 0) break;
    // After an overload there may be tens of thousands: as long as they become fewer, it is being worked on.
    if (left < fewest) deadline = Date.now() + STUCK_MS;
    fewest = Math.min(fewest, left);
    if (Date.now() > deadline) {
      throw new SimulatorError(
        'not-drained',
        `Visits of shop ${shop} have ended and are not judged for a minute. Does the processor run (npm run status)?`,
      );
    }
    await setTimeout(LOOK_EVERY_MS);
  }
  return {
    sure,
    // A watermark is never ahead of the latest event and of the present.
    get possible() {
      return Math.max(Date.now(), latest) - IDLE_MS;
    },
  };
}

/** What the tasks that count visits tell of a shop: the least of their watermarks, and the latest event of all. */
async function watermarksOf(db: Db, shop: string) {
  const tasks = await db
    .collection<CheckpointDocument>(COLLECTIONS.checkpoints)
    .find({ _id: /^facts\// }, { projection: { watermarks: 1, latest: 1 } })
    .toArray();
  const known = tasks.flatMap(({ watermarks }) => watermarks[shop] ?? []);
  return {
    tasks: tasks.map(({ _id }) => _id),
    least: known.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...known),
    latest: Math.max(0, ...tasks.map(({ latest }) => latest[shop] ?? 0)),
  };
}
