/** Sums and differences over stored metrics, evaluated after merging. */
export type Expression =
  | { readonly op: 'metric'; readonly name: string }
  | { readonly op: 'add' | 'subtract'; readonly left: Expression; readonly right: Expression };

/** The value of a stored metric. */
export const metric = (name: string): Expression => ({ op: 'metric', name });

/** Left-to-right sum. */
export const add = (first: Expression, ...rest: Expression[]): Expression =>
  rest.reduce((left, right) => ({ op: 'add', left, right }), first);

/** The first less all the others. */
export const subtract = (first: Expression, ...rest: Expression[]): Expression =>
  rest.reduce((left, right) => ({ op: 'subtract', left, right }), first);

/** Names of the stored metrics in an expression, each once. */
export function metricsIn(expression: Expression): string[] {
  if (expression.op === 'metric') return [expression.name];
  return [...new Set([...metricsIn(expression.left), ...metricsIn(expression.right)])];
}

/** The expression's value; a metric without a value is zero, which a sum over nothing is. */
export function evaluate(expression: Expression, read: (name: string) => number | null): number {
  if (expression.op === 'metric') return read(expression.name) ?? 0;
  const left = evaluate(expression.left, read);
  const right = evaluate(expression.right, read);
  return expression.op === 'add' ? left + right : left - right;
}

/** The expression as people write it: `gross_sales − discounts − returns`. */
export function formatExpression(expression: Expression): string {
  if (expression.op === 'metric') return expression.name;
  const right = formatExpression(expression.right);
  const wrapped = expression.right.op === 'metric' ? right : `(${right})`;
  return `${formatExpression(expression.left)} ${expression.op === 'add' ? '+' : '−'} ${wrapped}`;
}
