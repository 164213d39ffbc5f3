import { DDSketch } from '@datadog/sketches-js';
import { type Aggregator, asBytes } from './aggregator.ts';

const TAG = 3;
/** Quantiles are within this share of the true value. */
export const DISTRIBUTION_RELATIVE_ERROR = 0.01;
/** A bin's upper bound ÷ its lower one: a value of the same bin may exceed a bound by so much. */
export const DISTRIBUTION_BIN_WIDTH = (1 + DISTRIBUTION_RELATIVE_ERROR) / (1 - DISTRIBUTION_RELATIVE_ERROR);
/** Bins kept at most; the lowest are folded together beyond that, so high quantiles keep their error. */
export const DISTRIBUTION_MAX_BINS = 2_048;

/** One mapping for ever: stored bins are meaningless under another. */
const { mapping } = new DDSketch({ relativeAccuracy: DISTRIBUTION_RELATIVE_ERROR });

/** Counts of values by logarithmic bin. */
export interface DistributionState {
  /** The bins that hold values, ascending. */
  bins: number[];
  /** How many values each of them holds. Two lists take little more than half the memory of a map, and are in order anyway. */
  counts: number[];
  /** Values of zero, which has no logarithm. */
  zeros: number;
}

/**
 * The distribution of non-negative numbers (durations, amounts): DDSketch (Masson et al. 2019) with 1 % relative
 * error. Counts per bin add up exactly, so merging loses nothing, and a value can be taken back as long as no bins
 * were folded: 2,048 of them span seventeen orders of magnitude. `value` is the median.
 */
export const distribution: Aggregator<DistributionState> = {
  zero: () => ({ bins: [], counts: [], zeros: 0 }),
  add: (state, value) => count(state, value as number, 1),
  remove: (state, value) => count(state, value as number, -1),
  merge: (into, from) => {
    into.zeros += from.zeros;
    if (into.bins.length === 0) {
      into.bins = from.bins.slice();
      into.counts = from.counts.slice();
      return into;
    }
    forEachBin(from, (bin, n) => addToBin(into, bin, n));
    return fold(into);
  },
  encode: (state) => {
    const bytes = new Uint8Array(9 + state.bins.length * 12);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, TAG);
    view.setFloat64(1, state.zeros);
    forEachBin(state, (bin, n, i) => {
      view.setInt32(9 + i * 12, bin);
      view.setFloat64(13 + i * 12, n);
    });
    return bytes;
  },
  bytes: ({ bins }) => 9 + bins.length * 12,
  decode: (stored) => {
    const view = asBytes(stored, TAG);
    const bins: number[] = [];
    const counts: number[] = [];
    for (let at = 9; at + 12 <= view.byteLength; at += 12) {
      bins.push(view.getInt32(at));
      counts.push(view.getFloat64(at + 4));
    }
    return { bins, counts, zeros: view.getFloat64(1) };
  },
  value: (state) => quantile(state, 0.5),
};

function count(state: DistributionState, number: number, by: 1 | -1): DistributionState {
  if (!(number >= 0)) throw new RangeError(`a distribution takes numbers from 0, not ${number}`);
  if (number < mapping.minPossible) state.zeros += by;
  else addToBin(state, mapping.key(number), by);
  return fold(state);
}

function addToBin({ bins, counts }: DistributionState, bin: number, by: number): void {
  const at = placeOf(bins, bin);
  if (bins[at] !== bin) {
    bins.splice(at, 0, bin);
    counts.splice(at, 0, by);
    return;
  }
  counts[at]! += by;
  if (counts[at] !== 0) return;
  bins.splice(at, 1);
  counts.splice(at, 1);
}

/** Index of the first bin that is not below a given one. */
function placeOf(bins: readonly number[], bin: number): number {
  let from = 0;
  let to = bins.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (bins[middle]! < bin) from = middle + 1;
    else to = middle;
  }
  return from;
}

function forEachBin(
  { bins, counts }: DistributionState,
  use: (bin: number, n: number, index: number) => void,
): void {
  for (let i = 0; i < bins.length; i++) use(bins[i]!, counts[i]!, i);
}

/** Adds the same value a number of times: what was counted by value elsewhere. */
export function addTimes(state: DistributionState, value: number, times: number): DistributionState {
  if (value < mapping.minPossible) state.zeros += times;
  else addToBin(state, mapping.key(value), times);
  return fold(state);
}

/** How many values the distribution holds. */
export function distributionCount(state: DistributionState): number {
  let total = state.zeros;
  for (const n of state.counts) total += n;
  return total;
}

/** The value below which a share `q` (0 to 1) of the values lies, within 1 %; null when there are none. */
export function quantile(state: DistributionState, q: number): number | null {
  const total = distributionCount(state);
  if (total === 0) return null;
  const rank = q * (total - 1);
  let seen = state.zeros;
  if (seen > rank) return 0;
  let last = 0;
  for (let i = 0; i < state.bins.length && seen <= rank; i++) {
    seen += state.counts[i]!;
    last = state.bins[i]!;
  }
  return mapping.value(last);
}

/**
 * How many values do not exceed each bound; bounds are positive. The bin that a bound falls in counts as a whole:
 * every value up to the bound counts, and values above it by less than 2.1 % may count as well. The counts never fall
 * as values are added.
 */
export function cumulativeCounts(state: DistributionState, bounds: readonly number[]): number[] {
  return bounds.map((bound) => {
    const last = mapping.key(bound);
    let total = state.zeros;
    forEachBin(state, (bin, n) => {
      if (bin <= last) total += n;
    });
    return total;
  });
}

/** The least and the greatest of the values above zero, within 1 %; undefined when there are none. */
export function distributionExtent({
  bins,
}: DistributionState): { readonly least: number; readonly greatest: number } | undefined {
  if (bins.length === 0) return undefined;
  return { least: mapping.value(bins[0]!), greatest: mapping.value(bins.at(-1)!) };
}

/** The sum of the values, within 1 %; never falls as values are added. */
export function approximateSum(state: DistributionState): number {
  let total = 0;
  forEachBin(state, (bin, n) => {
    total += mapping.value(bin) * n;
  });
  return total;
}

/** Folds the lowest bins into one while there are too many. */
function fold(state: DistributionState): DistributionState {
  const excess = state.bins.length - DISTRIBUTION_MAX_BINS;
  if (excess <= 0) return state;
  state.bins.splice(0, excess);
  for (const n of state.counts.splice(0, excess)) state.counts[0]! += n;
  return state;
}
