import { type DistributionState, type Shop, TOTAL_DIMENSION } from '@storepulse/contracts';
import { evaluateMetric } from '../query/evaluate-metric.ts';
import { foldWindows, type Row, type States, zeroStates } from '../query/fold.ts';
import { groupedRows } from '../query/grouped.ts';
import { topGroups } from '../query/top-groups.ts';
import { toReadable } from '../query/units.ts';
import type { LifetimeWindow } from '../store/store.ts';
import { runAtOnce } from '../work/pacer.ts';
import { EXPOSED_UNITS } from './exposed-unit.ts';
import type { Family } from './families.ts';
import { HISTOGRAM_SERIES, histogramSamples } from './histogram.ts';
import { labelValueOf } from './label-value.ts';
import { MAX_SERIES, MAX_SERIES_PER_METRIC, seriesPerShop } from './series-budget.ts';

/** One line of an exposition. */
export interface Sample {
  /** What a line of a histogram has behind the metric's name. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus metric with its series. */
export interface FamilySamples {
  readonly family: Family;
  readonly samples: readonly Sample[];
  /** Series that the budget has no place for: values shown as `other`, shops that are left out. */
  readonly dropped: number;
}

interface ExposedGroup {
  readonly value: string;
  readonly states: States | undefined;
}

interface Breakdown {
  readonly shop: Shop;
  readonly family: Family;
  /** By value; none when there are too many to be read. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly isLeftOut: boolean;
}

const LIFETIME = [{ from: 0, to: Number.POSITIVE_INFINITY }];

/** By shop, the metric groups whose figures are not known, since nothing of them has been merged. */
export type UnmergedGroups = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The series of all families over the shops' lifetimes, within the budget: the greatest values by name, the rest as
 * `other`. A value that does not exist, such as a quotient of nothing, has no series, nor has one that is not known. Shops
 * beyond the budget, by id, have none either, nor has a dimension of a shop that has too many values to be read.
 */
export function samplesOf(
  families: readonly Family[],
  shops: readonly Shop[],
  windows: readonly LifetimeWindow[],
  unmerged: UnmergedGroups = new Map(),
): FamilySamples[] {
  const isTotal = ({ dimension }: Family) => dimension === TOTAL_DIMENSION;
  const plain = families.filter((family) => isTotal(family) && seriesOf(family) === 1).length;
  const histograms = families.filter((family) => seriesOf(family) > 1).length * MAX_SERIES_PER_METRIC;
  const exposed = shops.slice(
    0,
    Math.min(MAX_SERIES_PER_METRIC, Math.floor((MAX_SERIES - histograms) / plain)),
  );
  const isKnown = ({ parts }: Family, { shop }: Shop) =>
    !parts.some(({ group }) => unmerged.get(shop)?.has(group));
  const breakdowns = families.map((family) =>
    exposed
      .slice(0, Math.floor(MAX_SERIES_PER_METRIC / seriesOf(family)))
      .map((shop) => breakdownOf(family, shop, windows)),
  );
  const sizes = breakdowns
    .flat()
    .filter(({ family }) => !isTotal(family))
    .map(({ rows }) => rows.size);
  const totals = families
    .map((family, i) => (isTotal(family) ? breakdowns[i]!.length * seriesOf(family) : 0))
    .reduce((sum, series) => sum + series, 0);
  const limit = seriesPerShop(sizes, exposed.length, totals);
  return families.map((family, i) => {
    const own = breakdowns[i]!;
    const hidden = own.reduce(
      (sum, { rows, isLeftOut }) => sum + hiddenBy(limit, rows.size) + (isLeftOut ? limit : 0),
      0,
    );
    return {
      family,
      samples: own
        .filter(({ shop }) => isKnown(family, shop))
        .flatMap((breakdown) => samplesOfShop(breakdown, limit)),
      dropped: (isTotal(family) ? 0 : hidden) + (shops.length - own.length) * seriesOf(family),
    };
  });
}

/** Series that a family has per shop, or at least has. */
const seriesOf = ({ type }: Family): number => (type === 'histogram' ? HISTOGRAM_SERIES : 1);

/** How many of `size` values have no series of their own when at most `limit` may. */
const hiddenBy = (limit: number, size: number): number => (size <= limit ? 0 : size - Math.max(0, limit - 1));

function breakdownOf(family: Family, shop: Shop, windows: readonly LifetimeWindow[]): Breakdown {
  // A value is known to a metric once any metric of its group has it: from then on its zero is true.
  const own = windows.filter(
    (window) => window.shop === shop.shop && family.parts.some(({ group }) => group === window.group),
  );
  const isLeftOut = own.some(({ leftOut }) => leftOut?.includes(family.dimension));
  const cells = isLeftOut ? [] : own.map(({ cells }) => ({ start: 0, cells: cells[family.dimension] ?? {} }));
  return { shop, family, isLeftOut, rows: foldWindows(cells, family.parts, LIFETIME, labelValueOf).rows };
}

function samplesOfShop(breakdown: Breakdown, limit: number): Sample[] {
  const { family, shop } = breakdown;
  const { metric, parts, dimension } = family;
  const { stored } = EXPOSED_UNITS[metric.unit];
  return groupsOf(breakdown, limit).flatMap((group) => {
    const states = group.states ?? zeroStates(parts);
    const labels = {
      shop: shop.shop,
      ...(metric.unit === 'money' ? { currency: shop.currency } : {}),
      ...(dimension === TOTAL_DIMENSION ? {} : { [dimension]: group.value }),
    };
    if (family.type === 'histogram')
      return histogramSamples(labels, states[0] as DistributionState, metric.unit, shop);
    const readable = toReadable(metric, evaluateMetric(metric, parts, states).value, shop);
    if (readable === null) return [];
    // Money is readable as it is exposed: as the exact decimal.
    return [{ labels, value: metric.unit === 'money' ? readable : readable / stored(shop) }];
  });
}

function groupsOf({ family, rows }: Breakdown, limit: number): readonly ExposedGroup[] {
  const { metric, parts, dimension } = family;
  if (dimension === TOTAL_DIMENSION) return [{ value: dimension, states: [...rows.values()][0]?.[0] }];
  if (limit === 0) return [];
  const grouped = groupedRows(rows, [true], parts);
  // One place is kept for `other` when not all values fit.
  const top = runAtOnce(topGroups(grouped, metric, parts, { limit: rows.size > limit ? limit - 1 : limit }));
  return top.groups.map(({ value, members }) => ({ value, states: runAtOnce(grouped.row(members))[0] }));
}
