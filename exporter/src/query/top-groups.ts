import { type MetricSpec, OTHER_VALUE, type PartMetric } from '@storepulse/contracts';
import { evaluateMetric } from './evaluate-metric.ts';
import { mergeAll, mergeRows, type Row } from './fold.ts';

/** A group's row in an answer. */
export interface Group {
  readonly value: string;
  readonly row: Row;
}

/** The groups of an answer. */
export interface TopGroups {
  /** Greatest first, or in the order of their values, then `other`. */
  readonly groups: readonly Group[];
  /** How many values were put into `other`. */
  readonly folded: number;
}

/**
 * The `limit` greatest groups by the metric's value over all buckets, the rest merged as `other`, where values
 * outside the dimension's domain already are. A ratio's groups rank by denominator, so that a single lucky visit
 * does not lead.
 * @param ordered answer in the order of the values
 */
export function topGroups(
  rows: ReadonlyMap<string, Row>,
  metric: MetricSpec,
  parts: readonly PartMetric[],
  limit: number,
  ordered = false,
): TopGroups {
  const ranked = [...rows]
    .filter(([value]) => value !== OTHER_VALUE)
    .map(([value, row]) => ({ value, row, rank: rankOf(row, metric, parts) }))
    .sort((a, b) => b.rank - a.rank || (a.value < b.value ? -1 : 1));
  const top = ranked.slice(0, limit).map(({ value, row }) => ({ value, row }));
  if (ordered) top.sort((a, b) => (a.value < b.value ? -1 : 1));
  const folded = ranked.slice(limit).map(({ row }) => row);
  const rest = [...folded, rows.get(OTHER_VALUE) ?? []].filter((row) => row.length > 0);
  if (rest.length > 0) top.push({ value: OTHER_VALUE, row: mergeRows(parts, rest) });
  return { groups: top, folded: folded.length };
}

function rankOf(row: Row, metric: MetricSpec, parts: readonly PartMetric[]): number {
  const states = mergeAll(
    parts,
    row.filter((at) => at !== undefined),
  );
  const { value, denominator } = evaluateMetric(metric, parts, states);
  return denominator ?? value ?? Number.NEGATIVE_INFINITY;
}
