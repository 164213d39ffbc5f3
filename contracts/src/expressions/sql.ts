import { checkExpression, elementScope } from './check.ts';
import { type Expr, isLiteral, operandsOf, operation } from './model.ts';
import type { Scope } from './types.ts';

const SIGNS: Readonly<Record<string, string>> = {
  ...{ or: 'OR', and: 'AND', add: '+', multiply: '*', subtract: '-' },
  ...{ equals: '=', notEquals: '<>', lessThan: '<', atMost: '<=', moreThan: '>', atLeast: '>=' },
};

/** A name as SQL quotes it. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A text as SQL quotes it. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/**
 * The expression as SQL of DuckDB, with the same value as `evaluateExpression` for the same event. Fields are columns of
 * their names; `row` and the steps of a visit are structs, lists are lists. Every part stands in parentheses.
 * @param row the name of the row's struct. @default row
 */
export function toSql(expr: Expr, scope: Scope, row = 'row'): string {
  if (isLiteral(expr)) return literal(expr);
  const { operator, argument } = operation(expr);
  if (operator === 'sumOf') return sumOf(argument as { each: string; of: Expr }, scope, row);
  const operands = operandsOf(expr).map((each) => toSql(each.expr, scope, row));
  const [a, b] = operands as [string, string];
  const sign = SIGNS[operator];
  if (sign) return `(${operands.join(` ${sign} `)})`;
  switch (operator) {
    case 'field':
      return column(argument as string);
    case 'row':
      return column(`${row}.${argument}`);
    case 'divide':
      return `(CAST(${a} AS DOUBLE) / nullif(${b}, 0))`;
    case 'modulo':
      return `(${a} % nullif(${b}, 0))`;
    case 'greatest':
    case 'least':
      return withoutNulls(`${operator}(${operands.join(', ')})`, operandsOf(expr), operands);
    case 'not':
      return `(NOT ${a})`;
    case 'exists':
      return `(${a} IS NOT NULL)`;
    case 'coalesce':
      return `coalesce(${operands.join(', ')})`;
    case 'if':
      return `(CASE WHEN ${a} THEN ${b} ELSE ${operands[2] ?? 'NULL'} END)`;
    case 'size':
      return `len(${column(argument as string)})`;
    case 'step':
      return `coalesce(len(${steps(argument as string)}) > 0, FALSE)`;
    case 'stepTime':
      return `list_min(${steps(argument as string)})`;
    default:
      return `(${moment(argument as string[])} IS NOT NULL)`;
  }
}

/** A function that passes nulls over, made null by them. */
function withoutNulls(call: string, exprs: readonly { expr: Expr }[], operands: readonly string[]): string {
  const mayBeNull = operands.filter((_, i) => exprs[i]!.expr === null || !isLiteral(exprs[i]!.expr));
  if (mayBeNull.length === 0) return call;
  return `(CASE WHEN ${mayBeNull.map((each) => `${each} IS NULL`).join(' OR ')} THEN NULL ELSE ${call} END)`;
}

const column = (path: string): string => path.split('.').map(sqlName).join('.');
const steps = (step: string): string => column(`steps.${step}`);

/** When a visit reached the last of some steps in their order. */
function moment(path: readonly string[]): string {
  const last = path.at(-1)!;
  if (path.length === 1) return `list_min(${steps(last)})`;
  const before = moment(path.slice(0, -1));
  const time = `t${path.length}`;
  return `list_min(list_filter(${steps(last)}, lambda ${time}: ${time} >= ${before}))`;
}

function sumOf({ each, of }: { each: string; of: Expr }, scope: Scope, row: string): string {
  const inner = elementScope(each, scope);
  const { type } = checkExpression(of, inner);
  const element = `${row}_of_${each.replaceAll('.', '_')}`;
  const values = `list_transform(${column(each)}, lambda ${element}: ${toSql(of, inner, element)})`;
  const sum = `CAST(coalesce(list_sum(${values}), 0) AS ${type === 'integer' ? 'BIGINT' : 'DOUBLE'})`;
  return `(CASE WHEN ${column(each)} IS NULL THEN NULL ELSE ${sum} END)`;
}

function literal(value: null | boolean | number | string): string {
  if (typeof value === 'string') return sqlText(value);
  if (typeof value === 'number')
    return `CAST(${value} AS ${Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE'})`;
  return value === null ? 'NULL' : value ? 'TRUE' : 'FALSE';
}
