import {
  aggregators,
  type DistributionState,
  type Expression,
  evaluate,
  type MetricSpec,
  type PartMetric,
  quantile,
} from '@storepulse/contracts';
import type { States } from './fold.ts';

/** A metric's value in stored units (money in minor units). */
export interface Value {
  /** Null where there is none, such as a quotient of nothing. */
  readonly value: number | null;
  /** Of a ratio. */
  readonly numerator?: number;
  /** Of a ratio. */
  readonly denominator?: number;
}

/** Evaluates a metric over the merged states of its parts. */
export function evaluateMetric(metric: MetricSpec, parts: readonly PartMetric[], states: States): Value {
  const read = (name: string): number | null => {
    const i = parts.findIndex((part) => part.name === name);
    return i < 0 ? null : aggregators[parts[i]!.measure].value(states[i]!);
  };
  if (metric.kind === 'stored' || metric.kind === 'fact') return { value: read(metric.name) };
  if (metric.kind === 'derived') return { value: evaluate(metric.expression, read) };
  if (metric.kind === 'quantile') return { value: quantile(states[0] as DistributionState, metric.quantile) };
  const numerator = evaluate(metric.numerator, read);
  const denominator = evaluate(metric.denominator, read);
  return { value: denominator > 0 ? numerator / denominator : null, numerator, denominator };
}

/** Whether an expression is money: sums of a unit have that unit. */
export function isMoney(expression: Expression, parts: readonly PartMetric[]): boolean {
  if (expression.op !== 'metric') return isMoney(expression.left, parts);
  return parts.find((part) => part.name === expression.name)?.unit === 'money';
}
