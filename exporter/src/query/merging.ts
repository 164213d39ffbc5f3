import type { MergeProgressDocument } from '@storepulse/contracts';
import type { Notice } from './plan.ts';

/** Live traffic and windows that become final always have some notices on their way; more than this is a backlog. */
const BACKLOG = 2_000;
/** Merging tells its progress every few seconds; silence for this long means that it has stopped. */
const SILENT_MS = 15_000;

/** How far merging is on one partition. */
export type MergeProgress = Pick<MergeProgressDocument, 'behind' | 'updatedAt'>;

/** The partitions whose owner has not told of any progress for a while. */
function silentOnes(progress: readonly MergeProgress[], now: number): readonly MergeProgress[] {
  return progress.filter(({ updatedAt }) => now - updatedAt.getTime() > SILENT_MS);
}

/** Whether merging has stopped on a partition. */
export function isMergeSilent(progress: readonly MergeProgress[], now: number): boolean {
  return silentOnes(progress, now).length > 0;
}

/** How merging is behind, when it is so by more than a moment. */
export function mergeBacklog(progress: readonly MergeProgress[], now: number): Notice | undefined {
  const behind = progress.reduce((sum, partition) => sum + partition.behind, 0);
  if (behind > BACKLOG) {
    const text = `${behind.toLocaleString('en')} changed windows are still being merged: figures may be too low.`;
    return { severity: 'warning', text };
  }
  const silent = silentOnes(progress, now);
  if (silent.length === 0) return undefined;
  const since = new Date(Math.min(...silent.map(({ updatedAt }) => updatedAt.getTime()))).toISOString();
  return {
    severity: 'warning',
    text: `No results have been merged since ${since}: is the processor running?`,
  };
}
