import type { Frame, ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';
import { compareSeries, compareTable, groupsOfEarlier } from './compare.ts';
import { alignedWith, type Earlier, earlierBuckets, earlierRange } from './earlier.ts';
import { type AnsweredFrame, type Column, columnsOf } from './frames.ts';
import type { Width } from './intervals.ts';
import { knownIn } from './known-in.ts';
import type { Notice } from './plan.ts';
import { readQuery } from './read-query.ts';
import { POINT_BYTES, type Reading, type ReadingContext, type ReadingDeps } from './reading.ts';
import type { ResolvedQuery } from './resolve.ts';
import type { Split } from './split.ts';

/** Frames of a time series that is compared: its own, and three that tell of the earlier time. */
export const FRAMES_COMPARED = 4;

/** The frames of an answer that may be compared with an earlier time, and what was read for that. */
interface ComparedFrames {
  readonly frames: Frame[];
  readonly notices: readonly Notice[];
  /** Windows or facts that were read for it. */
  readonly documents: number;
}

/**
 * Reads the same figures of the earlier time that a query is compared with, and adds them to its answer.
 * @throws {ExporterError} `invalid_request` when the lifetime is to be compared; whatever reading throws
 */
export async function compareWithEarlier(
  resolved: ResolvedQuery,
  context: ReadingContext,
  { frame, input, columns, reading }: AnsweredFrame & { readonly reading: Pick<Reading, 'plan'> },
  deps: ReadingDeps,
): Promise<ComparedFrames> {
  const { compareTo: comparison } = resolved.query;
  const { plan } = reading;
  if (comparison === undefined || plan.buckets.length === 0)
    return { frames: [frame], notices: [], documents: 0 };
  if (plan.interval === 'all')
    throw new ExporterError(
      'invalid_request',
      '"compareTo" needs a time that has one before it: give another "interval" than "all"',
    );
  const { allowance, calendar, shop, now } = context;
  const earlier: Earlier =
    plan.interval === 'range'
      ? earlierRange(comparison, context.range, now, calendar)
      : await deps.pacer.run(
          earlierBuckets(
            comparison,
            context.range,
            { buckets: plan.buckets, width: plan.interval },
            { calendar, weekStart: shop.weekStart },
          ),
          allowance,
        );
  const interval: Width | 'auto' = plan.interval === 'range' ? 'auto' : plan.interval;
  const query = { ...resolved.query, interval };
  return readQuery({ ...resolved, query }, { ...context, range: earlier.range }, deps, async (before) => {
    const notices = describeEarlier(reading, before);
    // Of wider buckets no value belongs beside these.
    const places =
      before.plan.interval === plan.interval ? alignedWith(earlier, before.plan) : plan.buckets.map(() => -1);
    const { groups, unshown } = groupsOfEarlier(input.groups, before.grouped, input.dimensions.length > 0);
    allowance.hold(groups.length * plan.buckets.length * FRAMES_COMPARED * POINT_BYTES);
    const columnsBefore = earlierColumns({ ...input, groups }, before, resolved.split, calendar);
    const ofEarlier = await deps.pacer.run(columnsBefore, allowance);
    const shiftMs = plan.buckets[0]!.from - earlier.range.from;
    const compared = { comparison, input, columns, earlier: ofEarlier, places, shiftMs };
    const frames =
      plan.interval === 'range' ? [compareTable(frame, compared)] : compareSeries(frame, compared);
    return { frames, notices: [...notices, ...describeUnshown(unshown)], documents: before.documents };
  });
}

function* earlierColumns(
  input: AnsweredFrame['input'],
  before: Reading,
  split: Split,
  calendar: ZoneCalendar,
): Steps<Column[]> {
  const { plan, grouped } = before;
  const knownOf = yield* knownIn(before, split, calendar);
  return yield* columnsOf({ ...input, grouped, buckets: plan.buckets, knownOf });
}

function describeEarlier({ plan }: Pick<Reading, 'plan'>, { plan: before }: Reading): Notice[] {
  if (before.interval === plan.interval) return before.notices.map(ofEarlier);
  const text = `The earlier time is kept by ${before.interval} alone: ask for that "interval" to compare with it.`;
  return [{ severity: 'warning', text }];
}

const ofEarlier = ({ severity, text }: Notice): Notice => ({
  severity,
  text: `Of the earlier time: ${text}`,
});

function describeUnshown(unshown: number): Notice[] {
  if (unshown === 0) return [];
  const text = `${unshown} values that only the earlier time has are not shown.`;
  return [{ severity: 'info', text }];
}
