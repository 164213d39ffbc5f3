import { type Expr, isLiteral, operandsOf, operation } from './model.ts';

/** How tightly an expression holds together: what holds less than its surroundings stands in parentheses. */
const BINDING: Readonly<Record<string, number>> = {
  ...{ or: 1, and: 2, not: 3 },
  ...{ equals: 4, notEquals: 4, lessThan: 4, atMost: 4, moreThan: 4, atLeast: 4, exists: 4 },
  ...{ add: 5, subtract: 5, multiply: 6, divide: 6, modulo: 6 },
};
const SIGNS: Readonly<Record<string, string>> = {
  ...{ or: 'or', and: 'and', add: '+', subtract: '−', multiply: '×', divide: '÷', modulo: 'mod' },
  ...{ equals: '=', notEquals: '≠', lessThan: '<', atMost: '≤', moreThan: '>', atLeast: '≥' },
};

/** The expression as people write it: `unitPrice × quantity − discount`. */
export function formatExpr(expr: Expr): string {
  if (isLiteral(expr)) return typeof expr === 'string' ? expr || '“”' : String(expr).replace('-', '−');
  const { operator, argument } = operation(expr);
  const operands = operandsOf(expr).map((each) => each.expr);
  const sign = SIGNS[operator];
  if (sign) {
    return operands
      .map((each, i) =>
        within(each, BINDING[operator]! + (i > 0 && operator !== 'and' && operator !== 'or' ? 1 : 0)),
      )
      .join(` ${sign} `);
  }
  const list = () => operands.map(formatExpr).join(', ');
  switch (operator) {
    case 'field':
    case 'row':
      return argument as string;
    case 'not':
      return `not ${within(operands[0]!, 4)}`;
    case 'exists':
      return `${within(operands[0]!, 5)} is told`;
    case 'coalesce':
      return operands.map((each) => within(each, 5)).join(' or else ');
    case 'if': {
      const [when, yes, no] = operands.map(formatExpr);
      return `(${yes} if ${when}${no === undefined ? '' : `, else ${no}`})`;
    }
    case 'size':
      return `number of ${argument}`;
    case 'sumOf':
      return `Σ ${within(operands[0]!, 6)} of ${(argument as { each: string }).each}`;
    case 'step':
      return `took the step ${argument}`;
    case 'stepTime':
      return `time of ${argument}`;
    case 'inOrder':
      return `took the steps ${(argument as string[]).join(' → ')}`;
    default:
      return `${operator}(${list()})`;
  }
}

function within(expr: Expr, binding: number): string {
  const text = formatExpr(expr);
  if (isLiteral(expr)) return text;
  const { operator } = operation(expr);
  const own = operator === 'coalesce' ? 1 : (BINDING[operator] ?? 9);
  return own < binding ? `(${text})` : text;
}
