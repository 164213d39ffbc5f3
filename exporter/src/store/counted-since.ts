import type { StoredMetricDocument } from '@storepulse/contracts';

/**
 * From when on each stored metric is counted, epoch ms, by its name. One that is missing is counted from the log's
 * beginning, or since before that was noted.
 */
export function countedSince(documents: readonly StoredMetricDocument[]): ReadonlyMap<string, number> {
  return new Map(
    documents.flatMap((document) => {
      const since = sinceOf(document);
      return since === undefined || document.forgotten ? [] : [[document._id, since] as const];
    }),
  );
}

function sinceOf({ generations, started, rebuilds = [] }: StoredMetricDocument): number | undefined {
  const number = generations.length;
  const rebuilt = rebuilds.find(({ id, finishedAt }) => finishedAt && id.endsWith(`-${number}`));
  if (rebuilt) return rebuilt.from === 0 ? undefined : rebuilt.from;
  const isFromTheBeginning = Object.values(started).every(({ offsets }) => Object.keys(offsets).length === 0);
  return isFromTheBeginning ? undefined : generations.at(-1)!.at.getTime();
}
