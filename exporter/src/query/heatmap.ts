import {
  cumulativeCounts,
  type DistributionState,
  distributionExtent,
  type FrameField,
  type MetricQuery,
  type MetricSpec,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';
import { relativeError } from './estimates.ts';
import { mergeStates, zeroStates } from './fold.ts';
import type { FrameInput, MadeFrame } from './frames.ts';
import { MAX_POINTS } from './reading.ts';
import { fieldConfig, type ShopMoney, storedPerShown } from './units.ts';

/** Bounds of rows within a power of ten. */
const STEPS = [1, 1.5, 2, 3, 5, 7];
/** Rows of a heat map at most; what is less than the least bound is in the first. */
export const MOST_ROWS = 60;
/** Buckets between two places to rest. */
const BUCKETS_PER_STEP = 16;

/** What a heat map has no place for. */
const REFUSED = ['groupBy', 'limit', 'order', 'cumulative', 'share', 'compareTo', 'quantile'] as const;

/** Refuses a heat map of what is no distribution, or with more than it can show. @throws {ExporterError} `invalid_request` */
export function checkHeatmap(query: MetricQuery, metric: MetricSpec): void {
  if (metric.kind !== 'stored' || metric.measure !== 'distribution')
    throw new ExporterError(
      'invalid_request',
      `"heatmap" can't be had of ${metric.name}: it is no distribution, such as view_duration`,
    );
  const refused = REFUSED.find((name) => query[name] !== undefined);
  if (refused !== undefined)
    throw new ExporterError(
      'invalid_request',
      `"heatmap" and "${refused}" can't be had together: narrow it with "filters", or ask for a time series`,
    );
}

/**
 * A distribution over time (`heatmap-rows`): a field for each range of values, named by its greatest, with how many values each
 * bucket of time has in it. Values within 2.1 % above a bound may count below it.
 */
export function* heatmapFrame(input: FrameInput, times: readonly number[]): Steps<MadeFrame> {
  const { refId, metric, parts, shop, grouped, groups, knownOf, incompleteFrom } = input;
  const known = knownOf(groups[0]!.value);
  const row = yield* grouped.row(groups[0]!.members);
  const all = zeroStates(parts);
  for (const states of row) if (states) mergeStates(parts, all, states);
  const bounds = boundsOf(all[0] as DistributionState, metric, shop);
  if (bounds.length * times.length > MAX_POINTS)
    throw new ExporterError(
      'too_many_points',
      `${bounds.length} rows × ${times.length} buckets are more than ${MAX_POINTS} points: set a longer interval or a shorter range`,
    );
  const stored = bounds.map((bound) => bound * unitOf(metric, shop));
  const counts: (number[] | null)[] = [];
  for (let i = 0; i < times.length; i++) {
    const states = row[i];
    const totals = states ? cumulativeCounts(states[0] as DistributionState, stored) : bounds.map(() => 0);
    counts.push(states || known[i] ? totals.map((total, n) => total - (totals[n - 1] ?? 0)) : null);
    if (i % BUCKETS_PER_STEP === 0) yield;
  }
  const { unit } = fieldConfig(metric, shop);
  const fields = bounds.map(
    (bound, n): FrameField => ({
      ...{ name: `${bound}`, type: 'number', labels: { le: `${bound}` } },
      config: { displayName: `${bound}`, unit: 'short', decimals: 0 },
      values: counts.map((row) => row?.[n] ?? null),
    }),
  );
  const time: FrameField = {
    name: 'time',
    type: 'time',
    config: { displayName: 'Time' },
    values: [...times],
  };
  const error = relativeError(parts, all);
  const custom = {
    ...{ layout: 'le', unit },
    ...(incompleteFrom === undefined ? {} : { incompleteFrom }),
    ...(error === 0 ? {} : { relativeError: error }),
  };
  const meta = { type: 'heatmap-rows', typeVersion: [0, 1], custom };
  return { frame: { name: metric.title, refId, fields: [time, ...fields], meta }, error };
}

/** Round bounds in readable units, from the least value to the greatest. */
function boundsOf(state: DistributionState, metric: MetricSpec, shop: ShopMoney): number[] {
  const extent = distributionExtent(state);
  if (!extent) return state.zeros > 0 ? [1] : [];
  const unit = unitOf(metric, shop);
  const [least, greatest] = [extent.least / unit, extent.greatest / unit];
  const bounds: number[] = [];
  for (let power = Math.floor(Math.log10(least)); ; power++) {
    for (const step of STEPS) {
      const bound = Number(`${step}e${power}`);
      if (bound >= least) bounds.push(bound);
      if (bound >= greatest) return bounds.slice(-MOST_ROWS);
    }
  }
}

/** Stored units of a readable one. */
const unitOf = ({ unit }: MetricSpec, shop: ShopMoney): number =>
  unit === 'money' ? storedPerShown(shop) : 1;
