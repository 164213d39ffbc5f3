import {
  DISTINCT_EXACT_LIMIT,
  DISTINCT_STANDARD_ERROR,
  DISTRIBUTION_BIN_WIDTH,
  DISTRIBUTION_RELATIVE_ERROR,
  type StoredMetric,
} from '@storepulse/contracts';
import type { Tally } from '../ledger/book.ts';
import type { Figure } from './figures.ts';

/** When visits have ended for those who judge them: surely those that were silent by `sure`, none after `possible`. */
export interface Judgement {
  /** Epoch ms of a visit's latest event. */
  readonly sure: number;
  readonly possible: number;
}

/** What must be, what is, and whether they agree. */
export interface Verdict {
  /** What is compared, where a cell has more than one number: such as `p95`. */
  readonly part?: string;
  readonly expected: number | null;
  readonly shown: number | null;
  readonly matches: boolean;
  /** The expected number is a least one: some visits may have ended meanwhile. */
  readonly undecided?: boolean;
}

/** Of thousands of estimates some lie three standard errors off; five is what one in two million exceeds. */
const STANDARD_ERRORS = 5;
const SHARES = [0.5, 0.9, 0.95, 0.99] as const;
/** Room for the last bits of floating point. */
const ROUNDING = 1e-9;

/**
 * Compares a cell with what must be in it: counts, sums, least, greatest and last exactly; distinct ids and quantiles
 * within their declared error. A cell that only one side has is compared with nothing.
 */
export function compareCell(
  { measure }: StoredMetric,
  tally: Tally | undefined,
  figure: Figure | undefined,
  judgement: Judgement,
): Verdict {
  if (measure === 'distribution')
    return compareSpread(tally as Map<number, number> | undefined, figure ?? null);
  const shown = (figure ?? null) as number | null;
  if (measure === 'distinct') return compareDistinct(tally as Set<string> | undefined, shown);
  if (measure === 'min' || measure === 'max') {
    const values = tally ? [...(tally as Map<number, number>).keys()] : [];
    return exactly(values.length === 0 ? null : extreme(values, measure), shown);
  }
  if (measure === 'last') {
    const told = tally as { value: number } | undefined;
    return exactly(told?.value ?? null, shown);
  }
  if (tally instanceof Map) return compareJudged(tally, shown ?? 0, judgement);
  return exactly((tally as number | undefined) ?? 0, shown ?? 0);
}

const exactly = (expected: number | null, shown: number | null): Verdict => ({
  expected,
  shown,
  matches: expected === shown,
});

function extreme(values: readonly number[], which: 'min' | 'max'): number {
  return values.reduce((a, b) => Math[which](a, b));
}

function compareDistinct(ids: ReadonlySet<string> | undefined, figure: number | null): Verdict {
  const expected = ids?.size ?? 0;
  const shown = figure ?? 0;
  const allowed = expected > DISTINCT_EXACT_LIMIT ? expected * STANDARD_ERRORS * DISTINCT_STANDARD_ERROR : 0;
  return { expected, shown, matches: Math.abs(shown - expected) <= allowed };
}

/** Visits by the time of their latest event: those that must count, and those that may. */
function compareJudged(endings: ReadonlyMap<number, number>, shown: number, judgement: Judgement): Verdict {
  let least = 0;
  let most = 0;
  for (const [lastTime, times] of endings) {
    if (lastTime <= judgement.sure) least += times;
    if (lastTime <= judgement.possible) most += times;
  }
  const room = ROUNDING * Math.max(1, Math.abs(most));
  const matches = shown >= least - room && shown <= most + room;
  return { expected: least, shown, matches, undecided: most > least };
}

function compareSpread(values: ReadonlyMap<number, number> | undefined, figure: Figure): Verdict {
  const sorted = [...(values ?? [])].sort(([a], [b]) => a - b);
  const count = sorted.reduce((sum, [, times]) => sum + times, 0);
  // Where only one number is shown of a distribution, it is the median.
  if (typeof figure === 'number') return compareQuantile(sorted, count, 0.5, figure);
  const shown = figure?.count ?? 0;
  const counts = { part: 'count', expected: count, shown, matches: shown === count };
  if (!counts.matches || !figure) return counts;
  const verdicts =
    'buckets' in figure
      ? figure.buckets.map(([bound, within]) => compareBucket(sorted, bound, within))
      : SHARES.map((share) => compareQuantile(sorted, count, share, figure.quantile(share)));
  return verdicts.find(({ matches }) => !matches) ?? counts;
}

/** All values up to the bound count; of those above it, some that share its bin may. */
function compareBucket(
  sorted: readonly (readonly [value: number, times: number])[],
  bound: number,
  shown: number,
): Verdict {
  const within = (limit: number) =>
    sorted.reduce((sum, [value, times]) => (value <= limit ? sum + times : sum), 0);
  const least = within(bound * (1 - ROUNDING));
  const matches = shown >= least && shown <= within(bound * (DISTRIBUTION_BIN_WIDTH + ROUNDING));
  return { part: `up to ${bound}`, expected: within(bound), shown, matches };
}

/** A quantile between two neighbouring values is either of them, each within the declared error. */
function compareQuantile(
  sorted: readonly (readonly [value: number, times: number])[],
  count: number,
  share: number,
  shown: number | null,
): Verdict {
  const part = `p${share * 100}`;
  if (count === 0) return { part, expected: null, shown, matches: shown === null };
  const rank = share * (count - 1);
  const low = valueAt(sorted, Math.floor(rank));
  const high = valueAt(sorted, Math.ceil(rank));
  const error = DISTRIBUTION_RELATIVE_ERROR + ROUNDING;
  const matches = shown !== null && shown >= low * (1 - error) && shown <= high * (1 + error);
  return { part, expected: low, shown, matches };
}

function valueAt(sorted: readonly (readonly [number, number])[], index: number): number {
  let seen = 0;
  for (const [value, times] of sorted) {
    seen += times;
    if (seen > index) return value;
  }
  return sorted.at(-1)![0];
}
