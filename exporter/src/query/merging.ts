import type { MergeProgressDocument } from '@storepulse/contracts';
import type { Notice } from './plan.ts';

/** Live traffic and windows that become final always have some notices on their way; more than this is a backlog. */
const BACKLOG = 2_000;
/** Merging tells its progress every few seconds; silence for this long means that it has stopped. */
const SILENT_MS = 15_000;

/** How far merging is on one partition. */
export type MergeProgress = Pick<MergeProgressDocument, 'behind' | 'updatedAt'>;

/**
 * Whether windows that were counted may not be readable yet; the notice says so. Nothing stored does not mean that
 * nothing happened then.
 */
export function mergeBacklog(progress: readonly MergeProgress[], now: number): Notice | undefined {
  const behind = progress.reduce((sum, partition) => sum + partition.behind, 0);
  if (behind > BACKLOG) {
    const text = `${behind.toLocaleString('en')} changed windows are still being merged: figures may be too low.`;
    return { severity: 'warning', text };
  }
  const silent = progress.filter(({ updatedAt }) => now - updatedAt.getTime() > SILENT_MS);
  if (silent.length === 0) return undefined;
  const since = new Date(Math.min(...silent.map(({ updatedAt }) => updatedAt.getTime()))).toISOString();
  return {
    severity: 'warning',
    text: `No results have been merged since ${since}: is the processor running?`,
  };
}
