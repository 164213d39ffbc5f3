import { type Expr, formatExpr } from '../expressions/index.ts';
import type { MeasureKind } from '../measures/index.ts';
import type { StoredMetric } from './model.ts';

/** How each measure of an expression is told. */
const MEASURES: Readonly<Record<MeasureKind, (of: string) => string>> = {
  count: (of) => `number${of}`,
  sum: (of) => `Σ ${of}`,
  min: (of) => `least ${of}`,
  max: (of) => `greatest ${of}`,
  distinct: (of) => `distinct ${of}`,
  distribution: (of) => `distribution of ${of}`,
  last: (of) => `last ${of}`,
};

/** What a stored metric counts, as people write it: `Σ unitPrice × quantity of order_line`. */
export function formatStored({ source, measure, where, of }: StoredMetric): string {
  const value = of === undefined ? '' : wrapped(of);
  return `${MEASURES[measure](value)} of ${source.name}${where === undefined ? '' : ` where ${formatExpr(where)}`}`;
}

/** Sums and differences stand in parentheses behind a word. */
function wrapped(of: Expr): string {
  const text = formatExpr(of);
  return typeof of === 'object' && of !== null && ('add' in of || 'subtract' in of) ? `(${text})` : text;
}
