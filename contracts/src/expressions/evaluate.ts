import type { SessionStep } from '../catalog/session.ts';
import { hasType } from './has-type.ts';
import { type Expr, type ExprValue, isLiteral, operandsOf, operation } from './model.ts';
import type { ValueType } from './types.ts';

/** What an expression is evaluated on. */
export interface Subject {
  /** The event or visit. */
  readonly event: unknown;
  /** The row, where the source has rows. */
  readonly row?: unknown;
}

/**
 * Evaluates an expression as its definition reads, one operator after another. What counts runs compiled code instead;
 * this is what that is tested against, and what few rows are evaluated by.
 */
export function evaluateExpression(expr: Expr, subject: Subject): ExprValue {
  if (isLiteral(expr)) return expr;
  const { operator, argument } = operation(expr);
  if (operator === 'sumOf') return sumOf(argument as { each: string; of: Expr }, subject);
  const operands = operandsOf(expr).map((each) => evaluateExpression(each.expr, subject));
  const numbers = operands as number[];
  const isNull = operands.includes(null);
  switch (operator) {
    case 'field':
      return typed(read(subject.event, argument as string), (expr as { type?: ValueType }).type);
    case 'row':
      return typed(read(subject.row, argument as string), (expr as { type?: ValueType }).type);
    case 'add':
      return isNull ? null : numbers.reduce((a, b) => a + b);
    case 'multiply':
      return isNull ? null : numbers.reduce((a, b) => a * b);
    case 'greatest':
      return isNull ? null : Math.max(...numbers);
    case 'least':
      return isNull ? null : Math.min(...numbers);
    case 'subtract':
      return isNull ? null : numbers[0]! - numbers[1]!;
    case 'divide':
      return isNull || numbers[1] === 0 ? null : numbers[0]! / numbers[1]!;
    case 'modulo':
      return isNull || numbers[1] === 0 ? null : numbers[0]! % numbers[1]!;
    case 'equals':
      return isNull ? null : operands[0] === operands[1];
    case 'notEquals':
      return isNull ? null : operands[0] !== operands[1];
    case 'lessThan':
      return isNull ? null : numbers[0]! < numbers[1]!;
    case 'atMost':
      return isNull ? null : numbers[0]! <= numbers[1]!;
    case 'moreThan':
      return isNull ? null : numbers[0]! > numbers[1]!;
    case 'atLeast':
      return isNull ? null : numbers[0]! >= numbers[1]!;
    case 'and':
      return operands.includes(false) ? false : isNull ? null : true;
    case 'or':
      return operands.includes(true) ? true : isNull ? null : false;
    case 'not':
      return isNull ? null : !operands[0];
    case 'exists':
      return operands[0] !== null;
    case 'coalesce':
      return operands.find((value) => value !== null) ?? null;
    case 'if':
      return (operands[0] === true ? operands[1] : operands[2]) ?? null;
    case 'size':
      return (read(subject.event, argument as string) as unknown[] | undefined)?.length ?? null;
    case 'step':
      return timesOf(subject, argument as SessionStep).length > 0;
    case 'stepTime':
      return timesOf(subject, argument as SessionStep)[0] ?? null;
    case 'inOrder': {
      let at = Number.NEGATIVE_INFINITY;
      for (const step of argument as SessionStep[]) {
        const next = timesOf(subject, step).find((time) => time >= at);
        if (next === undefined) return false;
        at = next;
      }
      return true;
    }
  }
}

function sumOf({ each, of }: { each: string; of: Expr }, { event }: Subject): number | null {
  const elements = read(event, each) as unknown[] | undefined;
  if (!elements) return null;
  return elements.reduce<number>((sum, row) => sum + Number(evaluateExpression(of, { event, row }) ?? 0), 0);
}

const timesOf = ({ event }: Subject, step: SessionStep): readonly number[] =>
  (event as { steps: Partial<Record<SessionStep, readonly number[]>> }).steps[step] ?? [];

function read(from: unknown, path: string): unknown {
  let value = from;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = value[name as never];
  }
  return value;
}

function typed(value: unknown, type: ValueType | undefined): ExprValue {
  if (value === undefined || value === null || (type && !hasType(value, type))) return null;
  return value as ExprValue;
}
