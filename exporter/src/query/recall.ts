import type { Frame } from '@storepulse/contracts';
import type { AnswerCache } from './answer-cache.ts';
import type { AnsweredFrame } from './frames.ts';
import type { Notice } from './plan.ts';
import type { Look, Reading } from './reading.ts';
import type { ResolvedQuery } from './resolve.ts';
import type { Group } from './top-groups.ts';
import type { ShopMoney } from './units.ts';

/** What a query is answered with. */
export interface Answered {
  readonly frame: Frame;
  /** Further frames, such as that of the shares. */
  readonly more: readonly Frame[];
  readonly notices: readonly Notice[];
  readonly groups: readonly Group[];
  /** Values of its filters that what was read does not have. */
  readonly unmet: readonly string[];
  readonly reading: Omit<Reading, 'grouped'>;
  /** Present when it is to be compared with an earlier time: what that goes on from. */
  readonly toCompare?: AnsweredFrame;
}

/** Finds the answer to a query when it has been given before. */
export interface Recall {
  find(look: Look): Answered | undefined;
  /** Keeps an answer when it can be given again. @returns it */
  keep(answered: Answered, look: Look | undefined): Answered;
}

/**
 * Builds it. An answer is given again when all of its time was over, each of its windows was stored as it was counted, and just
 * the same is counted now. Beside the windows its frames are a function of the shop, the catalogue and the query.
 */
export function createRecall(
  { query }: Pick<ResolvedQuery, 'query'>,
  {
    shop,
    leading,
    now,
  }: { readonly shop: ShopMoney; readonly leading: readonly string[] | undefined; readonly now: number },
  { answers, catalogVersion }: { readonly answers: AnswerCache<Answered>; readonly catalogVersion: string },
): Recall {
  const keyOf = ({ plan: { buckets, interval, tiles }, firstDay }: Look) => {
    // The plan says what becomes of these.
    const asked = { ...query, range: undefined, maxDataPoints: undefined, held: undefined };
    const time = [interval, buckets[0]!.from, buckets.at(-1)!.to, buckets.length, tiles, firstDay];
    return JSON.stringify([catalogVersion, shop, asked, leading, ...time]);
  };
  return {
    find: (look) => {
      const { plan, counted, held } = look;
      const began = performance.now();
      const known = isOver(look) ? answers.find(keyOf(look), counted) : undefined;
      if (!known) return undefined;
      const marks = held && { answeredFrom: held.answeredFrom, marks: held.marks(counted) };
      const readMs = performance.now() - began;
      const { held: _, ...reading } = known.reading;
      return {
        ...known,
        reading: { ...reading, plan, readMs, readAt: now, ...(marks ? { held: marks } : {}) },
      };
    },
    keep: (answered, look) => {
      const { frame, more, reading, toCompare } = answered;
      if (look && reading.isAsCounted && isOver(look) && !toCompare)
        answers.keep(keyOf(look), look.counted, answered, [frame, ...more]);
      return answered;
    },
  };
}

/** Whether all of a query's time has been counted. A lifetime is never over. */
function isOver({ plan: { buckets, interval }, until }: Look): boolean {
  const last = buckets.at(-1);
  return interval !== 'all' && last !== undefined && last.to <= until;
}
