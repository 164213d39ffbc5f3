import {
  dimensionValue,
  type FunnelQuery,
  type QueryResult,
  type SessionStep,
  TOTAL_VALUE,
  VISIT_DIMENSIONS,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { createVisitCounter, type VisitCounts } from '../visits/count-visits.ts';
import { createFunnel } from '../visits/funnel.ts';
import type { VisitRow } from '../visits/visit-row.ts';
import type { AnswerDeps } from './answer.ts';
import { costOfVisits } from './cost.ts';
import { funnelFrame } from './funnel-frame.ts';
import type { Notice } from './plan.ts';
import { type RowFilters, readRowFilters } from './row-filters.ts';
import { describeUnmet, type RowsContext, rowsMeta } from './rows-context.ts';

/** Visits that one funnel may go over. */
const MAX_VISITS = 200_000;

/** Answers a funnel query: how many of the visits that began in the range reached each step. */
export async function answerFunnel(
  query: FunnelQuery,
  context: RowsContext,
  deps: AnswerDeps,
): Promise<QueryResult> {
  const { shop, range, now, allowance } = context;
  const funnel = createFunnel(query);
  const filters = readRowFilters(deps.catalog, query.filters ?? [], 'visits', VISIT_DIMENSIONS);
  const steps = query.steps.filter((step): step is SessionStep => step !== 'visited');
  const selection = { shop: shop.shop, ...range, steps };
  const options = () => ({ signal: allowance.signal, timeoutMs: allowance.leftMs() });
  const most = deps.maxVisits ?? MAX_VISITS;
  const expected = await deps.store.visitCount(selection, most + 1, options());
  if (expected > most) throw tooManyVisits(most);
  return deps.admission.admit(costOfVisits(expected), allowance.signal, async () => {
    const began = performance.now();
    const counter = createVisitCounter(funnel, groupOf(query, filters, deps), allowance.hold);
    for await (const batch of deps.store.visits(selection, options()))
      await deps.pacer.run(counter.add(batch), allowance);
    const counts = counter.counts();
    const incompleteFrom = incompleteFromOf(counts, context);
    const groupTitle = query.groupBy && deps.catalog.dimensions.get(query.groupBy)?.title;
    const made = funnelFrame(query, funnel, counts.tallies, { groupTitle, incompleteFrom });
    const notices = [
      ...made.notices,
      ...describeCounts(counts, incompleteFrom),
      ...(await describeUnmet(filters, context, deps)),
    ];
    const readMs = Math.round(performance.now() - began);
    const meta = { resolution: 'visits', interval: 'range', documents: counts.visits, readMs, readAt: now };
    return { frames: [made.frame], meta: rowsMeta(context, { ...meta, notices }) };
  });
}

function groupOf(
  { groupBy }: FunnelQuery,
  filters: RowFilters,
  { catalog }: AnswerDeps,
): (visit: VisitRow) => string | undefined {
  return (visit) => {
    if (!filters.keeps((dimension) => visit[dimension as (typeof VISIT_DIMENSIONS)[number]]))
      return undefined;
    return groupBy ? dimensionValue(catalog.dimensions.get(groupBy)!, visit[groupBy]) : TOTAL_VALUE;
  };
}

/** From where on figures may still rise: where counting has come to, or the first visit that goes on. */
function incompleteFromOf(
  { earliestOpen = Number.POSITIVE_INFINITY }: VisitCounts,
  { range, now, until }: RowsContext,
): number | undefined {
  const uncounted =
    range.to <= until || range.from >= now ? Number.POSITIVE_INFINITY : Math.max(range.from, until);
  const from = Math.min(earliestOpen, uncounted);
  return from === Number.POSITIVE_INFINITY ? undefined : from;
}

function describeCounts({ untold }: VisitCounts, incompleteFrom: number | undefined): Notice[] {
  const notices: Notice[] = [];
  if (incompleteFrom !== undefined) {
    const text = `From ${new Date(incompleteFrom).toISOString()} on visits go on or are not counted yet: they may still reach further steps.`;
    notices.push({ severity: 'info', text });
  }
  if (untold > 0) {
    const text = `Of ${untold} visits not all moments of a step are stored: whether they went on afterwards can't be told, and they count as if they had not.`;
    notices.push({ severity: 'warning', text });
  }
  return notices;
}

const tooManyVisits = (most: number) =>
  new ExporterError(
    'too_many_visits',
    `more than ${most} visits began in the range: choose a shorter one, or ask for the metrics of visits, such as funnel_order_sessions`,
  );
