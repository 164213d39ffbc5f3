import type { RunningPart } from '@storepulse/local';
import { taskGroups } from '@storepulse/processor/task-groups';
import { scrape } from '../../support/figures/prometheus.ts';
import { until } from '../../support/until.ts';

/** What has become of a processor's tasks. */
export interface TaskHistory {
  /** How many it has lost to another owner, as a write of its own told it. */
  readonly fenced: number;
  /** How many it has claimed. */
  readonly claimed: number;
}

/** What a processor says of its tasks. */
export async function taskHistory({ url }: RunningPart): Promise<TaskHistory> {
  const samples = await scrape(url);
  const read = (name: string) =>
    Number(samples.find((sample) => sample.name === `storepulse_processor_${name}_total`)?.value ?? 0);
  return { fenced: read('fenced'), claimed: read('claims') };
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
