import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointDocument, MetricDocument } from '@storepulse/contracts';
import type { Service } from '@storepulse/local';
import type { Db } from 'mongodb';

const LOOK_EVERY_MS = 25;
const LIMIT_MS = 60_000;

/** Times from a kill on, ms. */
export interface Recovery {
  /** Until a window is written that holds something new. */
  readonly firstResult: number;
  /** Until every task that counts visits has committed again. */
  readonly allTasks: number;
}

/**
 * Kills a processor and measures how long its work is missed; traffic must go on.
 * @param start called right after the kill: starts it again, or does nothing where another process takes over
 */
export async function recover(db: Db, victim: Service, start: () => Promise<unknown>): Promise<Recovery> {
  const before = await owned(db, victim.pid!);
  await victim.kill();
  const since = new Date();
  const isNew = { $match: { 'fullDocument.updatedAt': { $gte: since } } };
  const changes = db.collection<MetricDocument>('metrics').watch([isNew], { maxAwaitTimeMS: 20 });
  try {
    await changes.tryNext();
    const [firstResult, allTasks] = await Promise.all([
      until(since, async () => (await changes.tryNext()) !== null),
      until(since, async () => {
        const now = await checkpointsOf(db);
        return now.every(({ _id, seq }) => seq > (before.get(_id) ?? Number.NEGATIVE_INFINITY));
      }),
      start(),
    ]);
    return { firstResult, allTasks };
  } finally {
    await changes.close();
  }
}

async function until(since: Date, holds: () => Promise<boolean>): Promise<number> {
  for (;;) {
    const isSo = await holds();
    const elapsed = Date.now() - since.getTime();
    if (isSo) return elapsed;
    if (elapsed > LIMIT_MS) throw new Error(`no recovery within ${LIMIT_MS / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The last commit of each task over visits that a process owns. */
async function owned(db: Db, pid: number): Promise<Map<string, number>> {
  const all = await checkpointsOf(db);
  const its = all.filter(({ owner }) => owner.split(':').includes(String(pid)));
  return new Map(its.map(({ _id, seq }) => [_id, seq]));
}

function checkpointsOf(db: Db): Promise<CheckpointDocument[]> {
  return db
    .collection<CheckpointDocument>('checkpoints')
    .find({ _id: /^facts\// })
    .toArray();
}
