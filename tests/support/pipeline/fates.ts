import type { Fate } from '@storepulse/contracts';
import type { Pipeline } from './pipeline.ts';

/** What became of the records so far, over all tasks. */
export type Fates = Readonly<Partial<Record<Fate, number>>>;

/** The fates that the checkpoints tell, added up. */
export async function fatesOf({ checkpoints }: Pipeline): Promise<Fates> {
  const total: Partial<Record<Fate, number>> = {};
  for await (const { fates } of checkpoints.find()) {
    for (const [fate, count] of Object.entries(fates)) {
      total[fate as Fate] = (total[fate as Fate] ?? 0) + count;
    }
  }
  return total;
}

/** How many fates there are in all: one for each record that was consumed. */
export function countOf(fates: Fates): number {
  return Object.values(fates).reduce((sum, count) => sum + count, 0);
}
