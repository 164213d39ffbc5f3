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

/**
 * Which visits of a shop the processor must have judged by now, going by the watermarks that it tells, and which it
 * may judge while figures are read. Returns once it has judged the former.
 * @throws {SimulatorError} `not-drained` when that takes more than a minute
 */
export async function judgementOf(db: Db, shop: string): Promise<Judgement> {
  const tasks = await db
    .collection<CheckpointDocument>(COLLECTIONS.checkpoints)
    .find({ _id: /^facts\// }, { projection: { watermarks: 1, latest: 1 } })
    .toArray();
  const knowing = tasks.filter(({ watermarks }) => watermarks[shop] !== undefined);
  const least = Math.min(...knowing.map(({ watermarks }) => watermarks[shop]!));
  const latest = Math.max(0, ...knowing.map(({ latest }) => latest[shop] ?? 0));
  const sure = knowing.length === 0 ? Number.NEGATIVE_INFINITY : least - IDLE_MS;

  const visits = db.collection<StoredVisit>(COLLECTIONS.sessions);
  const due = { task: { $in: tasks.map(({ _id }) => _id) }, shop, settled: false, lastTime: { $lte: sure } };
  const deadline = Date.now() + STUCK_MS;
  while (Number.isFinite(sure) && (await visits.findOne(due, { projection: { _id: 1 } }))) {
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
