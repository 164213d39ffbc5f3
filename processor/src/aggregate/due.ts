import { SESSION_IDLE_MS } from '@storepulse/contracts';
import type { Database } from '../store/database.ts';
import type { Task } from './task.ts';

/** So many documents at most are read to find out whom they concern; where there are more, every task looks for itself. */
const MOST = 1_000;

/**
 * Finds out, in one request of each kind for all tasks of a process, which of them have something to tend to: customers to be
 * erased, visits handed over by others, visits that have ended. Asked one by one, each task would cost two requests and one for
 * each shop, also where nothing happens. What is missed here is found the next time.
 * @param most documents of a kind that are read. @default 1,000
 * @returns the ids of the tasks that should look
 */
export async function findDue(
  { erasures, visitShares, sessions }: Pick<Database, 'erasures' | 'visitShares' | 'sessions'>,
  tasks: readonly Pick<Task, 'id' | 'reached'>[],
  most = MOST,
): Promise<ReadonlySet<string>> {
  const ids = tasks.map(({ id }) => id);
  const $in = { $in: ids };
  const ended = endedVisits(tasks);
  const [ordered, shared, settling] = await Promise.all([
    erasures
      .find({ task: $in }, { projection: { task: 1 } })
      .limit(most)
      .toArray(),
    visitShares
      .find({ owner: $in }, { projection: { owner: 1 } })
      .limit(most)
      .toArray(),
    ended.length === 0
      ? []
      : sessions
          .find({ $or: ended }, { projection: { task: 1 } })
          .limit(most)
          .toArray(),
  ]);
  if ([ordered, shared, settling].some(({ length }) => length === most)) return new Set(ids);
  return new Set([...[...ordered, ...settling].map(({ task }) => task), ...shared.map(({ owner }) => owner)]);
}

/** Visits of tasks that have ended by the watermarks of their shops: by the index, without going over those that are under way. */
export function endedVisits(tasks: readonly Pick<Task, 'id' | 'reached'>[]) {
  const reached = new Map<string, number>();
  for (const task of tasks) {
    for (const [shop, at] of Object.entries(task.reached()))
      reached.set(shop, Math.max(at, reached.get(shop) ?? at));
  }
  const task = { $in: tasks.map(({ id }) => id) };
  return [...reached].map(([shop, at]) => ({
    ...{ task, shop, settled: false },
    lastTime: { $lte: at - SESSION_IDLE_MS },
  }));
}
