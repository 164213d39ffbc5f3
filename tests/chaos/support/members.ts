import type { RunningPart } from '@storepulse/local';
import { taskGroups } from '@storepulse/processor/task-groups';
import { scrape } from '../../support/figures/prometheus.ts';
import { until } from '../../support/until.ts';

/** How many times a processor has lost a task to another owner. */
export async function fencedBy({ url }: RunningPart): Promise<number> {
  const samples = await scrape(url);
  return Number(samples.find(({ name }) => name === 'storepulse_processor_fenced_total')?.value ?? 0);
}

/** Waits until these processors own all tasks of `partitions` partitions between them. */
export async function untilOwned(members: readonly RunningPart[], partitions: number): Promise<void> {
  const wanted = partitions * taskGroups.length;
  await until(
    `${members.length} processors own all ${wanted} tasks`,
    () => Promise.all(members.map(tasksOf)),
    (owned) =>
      owned.every(({ started }) => started) && owned.reduce((sum, { tasks }) => sum + tasks, 0) === wanted,
    60_000,
  );
}

async function tasksOf({ url }: RunningPart): Promise<{ started: boolean; tasks: number }> {
  const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as { started: boolean; tasks: number };
}
