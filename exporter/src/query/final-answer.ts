import type { QueryResponse, QueryResult } from '@storepulse/contracts';

/**
 * What an answer says that does not change by itself: undefined while it is not final. It is once all of its time has been
 * counted and merged; a late event may still correct it, and then it says something else.
 */
export function finalContent({ results, catalogVersion }: QueryResponse): object | undefined {
  if (!Object.values(results).every(isFinal)) return undefined;
  const said = Object.entries(results).map(([refId, { frames, meta }]) => {
    const { resolution, interval, timeZone, notices, held, answeredFrom } = meta;
    return [refId, { frames, meta: { resolution, interval, timeZone, notices, held, answeredFrom } }];
  });
  return { catalogVersion, results: Object.fromEntries(said) };
}

function isFinal({ frames, meta, error }: QueryResult): boolean {
  // A lifetime goes on, and of facts nothing tells that they are all there.
  if (error !== undefined || /\ball\b/.test(meta.interval)) return false;
  return frames.every(
    (frame) => (frame.meta?.custom as { incompleteFrom?: number })?.incompleteFrom === undefined,
  );
}
