import { type Shop, TOTAL_DIMENSION } from '@storepulse/contracts';
import { evaluateMetric } from '../query/evaluate-metric.ts';
import { foldWindows, type Row, zeroStates } from '../query/fold.ts';
import { type Group, topGroups } from '../query/top-groups.ts';
import { toReadable } from '../query/units.ts';
import type { LifetimeWindow } from '../store/store.ts';
import type { Family } from './families.ts';
import { MAX_SERIES, MAX_SERIES_PER_METRIC, seriesPerShop } from './series-budget.ts';

/** One line of an exposition. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus metric with its series. */
export interface FamilySamples {
  readonly family: Family;
  readonly samples: readonly Sample[];
}

interface Breakdown {
  readonly shop: Shop;
  readonly family: Family;
  readonly rows: ReadonlyMap<string, Row>;
}

const LIFETIME = [{ from: 0, to: Number.POSITIVE_INFINITY }];

/**
 * The series of all families over the shops' lifetimes, within the budget: the greatest values by name, the rest as
 * `other`. A value that does not exist, such as a quotient of nothing, has no series. Shops beyond the budget, by
 * id, have none either.
 */
export function samplesOf(
  families: readonly Family[],
  shops: readonly Shop[],
  windows: readonly LifetimeWindow[],
): FamilySamples[] {
  const totals = families.filter(({ dimension }) => dimension === TOTAL_DIMENSION).length;
  const exposed = shops.slice(0, Math.min(MAX_SERIES_PER_METRIC, Math.floor(MAX_SERIES / totals)));
  const breakdowns = families.map((family) => exposed.map((shop) => breakdownOf(family, shop, windows)));
  const sizes = breakdowns
    .flat()
    .filter(({ family }) => family.dimension !== TOTAL_DIMENSION)
    .map(({ rows }) => rows.size);
  const limit = seriesPerShop(sizes, exposed.length, totals * exposed.length);
  return families.map((family, i) => ({
    family,
    samples: breakdowns[i]!.flatMap((breakdown) => samplesOfShop(breakdown, limit)),
  }));
}

function breakdownOf(family: Family, shop: Shop, windows: readonly LifetimeWindow[]): Breakdown {
  const own = windows
    .filter((window) => window.shop === shop.shop)
    .map(({ cells }) => ({ start: 0, cells: cells[family.dimension] ?? {} }));
  return { shop, family, rows: foldWindows(own, family.parts, LIFETIME, (value) => value).rows };
}

function samplesOfShop(breakdown: Breakdown, limit: number): Sample[] {
  const { family, shop } = breakdown;
  const { metric, parts, dimension } = family;
  return groupsOf(breakdown, limit).flatMap((group) => {
    const { value } = evaluateMetric(metric, parts, group.row[0] ?? zeroStates(parts));
    const readable = toReadable(metric, value, shop);
    if (readable === null) return [];
    const labels = {
      shop: shop.shop,
      ...(metric.unit === 'money' ? { currency: shop.currency } : {}),
      ...(dimension === TOTAL_DIMENSION ? {} : { [dimension]: group.value }),
    };
    return [{ labels, value: metric.unit === 'milliseconds' ? readable / 1_000 : readable }];
  });
}

function groupsOf({ family, rows }: Breakdown, limit: number): readonly Group[] {
  const { metric, parts, dimension } = family;
  if (dimension === TOTAL_DIMENSION) return [{ value: dimension, row: [...rows.values()][0] ?? [] }];
  if (limit === 0) return [];
  // One place is kept for `other` when not all values fit.
  return topGroups(rows, metric, parts, rows.size > limit ? limit - 1 : limit).groups;
}
