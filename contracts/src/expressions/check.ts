import { SESSION_STEPS, type SessionStep } from '../catalog/session.ts';
import { type Expr, isLiteral, type Operator, operandsOf, operation } from './model.ts';
import type { ExprType, FieldType, Scope, ValueType } from './types.ts';

/** Thrown for an expression that means nothing. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** Where in the expression, such as `add/0`; empty for the whole. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** What a stored visit has beside what expressions can read. */
const RESERVED: readonly string[] = ['_id', 'task', 'steps', 'firstEventId'];
const IS_NUMBER: readonly string[] = ['integer', 'number', 'null'];

/**
 * Infers the type of an expression that fits its schema.
 * @throws {ExpressionError} for a field that is not there, operands of a wrong type, and steps where there is no visit
 */
export function checkExpression(expr: Expr, scope: Scope, path = ''): ExprType {
  if (isLiteral(expr)) return literalType(expr);
  const { operator } = operation(expr);
  const inner = 'sumOf' in expr ? elementScope(expr.sumOf.each, scope, path) : scope;
  const operands = operandsOf(expr).map((each) => {
    const at = path ? `${path}/${each.at}` : each.at;
    return { at, ...checkExpression(each.expr, inner, at) };
  });
  const nullable = operands.some((each) => each.nullable);
  switch (operator) {
    case 'field':
    case 'row':
      return fieldType(expr as { field: string } | { row: string }, scope, path);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'greatest':
    case 'least':
      return { type: numbersOf(operator, operands), nullable };
    case 'modulo':
      return { type: numbersOf(operator, operands), nullable: true };
    case 'divide':
      numbersOf(operator, operands);
      return { type: 'number', nullable: true };
    case 'lessThan':
    case 'atMost':
    case 'moreThan':
    case 'atLeast':
      numbersOf(operator, operands);
      return { type: 'boolean', nullable };
    case 'equals':
    case 'notEquals':
      sameType(operator, operands);
      if (operands.some(({ type }) => type === 'null'))
        throw new ExpressionError(path, `${operator} with null is never true: use exists`);
      return { type: 'boolean', nullable };
    case 'and':
    case 'or':
    case 'not':
      for (const { type, at } of operands)
        if (type !== 'boolean')
          throw new ExpressionError(at, `${operator} takes conditions, and this is ${named(type)}`);
      return { type: 'boolean', nullable };
    case 'exists':
      return { type: 'boolean', nullable: false };
    case 'coalesce':
      return { type: sameType(operator, operands), nullable: operands.every((each) => each.nullable) };
    case 'if': {
      const [when, ...branches] = operands;
      if (when!.type !== 'boolean')
        throw new ExpressionError(when!.at, `when is a condition, and this is ${named(when!.type)}`);
      const hasElse = branches.length === 2;
      return {
        type: sameType(operator, branches),
        nullable: !hasElse || branches.some((each) => each.nullable),
      };
    }
    case 'size':
      return { type: 'integer', nullable: listOf((expr as { size: string }).size, scope, path).nullable };
    case 'sumOf': {
      const { nullable: mayLack } = listOf((expr as { sumOf: { each: string } }).sumOf.each, scope, path);
      return { type: numbersOf(operator, operands), nullable: mayLack };
    }
    case 'step':
    case 'stepTime':
    case 'inOrder':
      return stepsType(expr as StepExpr, scope, path);
  }
}

type StepExpr = Expr & ({ step: SessionStep } | { stepTime: SessionStep } | { inOrder: SessionStep[] });
type Operand = ExprType & { readonly at: string };

function literalType(value: null | boolean | number | string): ExprType {
  if (value === null) return { type: 'null', nullable: true };
  const type = typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'boolean' : undefined;
  return { type: type ?? (Number.isSafeInteger(value) ? 'integer' : 'number'), nullable: false };
}

function fieldType(
  expr: ({ field: string } | { row: string }) & { type?: ValueType },
  { fields, row, visit }: Scope,
  path: string,
): ExprType {
  const [name, where] = 'field' in expr ? [expr.field, fields] : [expr.row, row];
  if (!where) throw new ExpressionError(path, `there are no rows here to read ${name} of: use field`);
  const known: FieldType | undefined = Object.hasOwn(where, name) ? where[name] : undefined;
  if (known?.type === 'list') throw new ExpressionError(path, `${name} is a list: use size, sumOf or rows`);
  if (known) {
    if (expr.type === undefined || expr.type === known.type) return known;
    throw new ExpressionError(path, `${name} is ${named(known.type)}, not ${named(expr.type)}`);
  }
  if (visit && RESERVED.includes(name.split('.')[0]!))
    throw new ExpressionError(path, `${name} is no field of events that a visit can keep: its name is taken`);
  if (expr.type) return { type: expr.type, nullable: true };
  throw new ExpressionError(
    path,
    `there is no field ${name}; there are ${Object.keys(where).join(', ') || 'none'}. To read a field of your own, give its type: { field: ${name}, type: text }`,
  );
}

function listOf(name: string, { fields }: Scope, path: string): FieldType & { type: 'list' } {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known?.type === 'list') return known;
  throw new ExpressionError(path, `there is no list ${name}`);
}

/** What the elements of a list are read in. @throws {ExpressionError} when it is none */
export function elementScope(list: string, scope: Scope, path = ''): Scope {
  return { ...scope, row: listOf(list, scope, path).elements };
}

function numbersOf(operator: Operator, operands: readonly Operand[]): 'integer' | 'number' {
  for (const { type, at } of operands)
    if (!IS_NUMBER.includes(type))
      throw new ExpressionError(at, `${operator} takes numbers, and this is ${named(type)}`);
  return operands.every(({ type }) => type === 'integer') ? 'integer' : 'number';
}

function sameType(operator: Operator, operands: readonly Operand[]): ExprType['type'] {
  const told = operands.filter(({ type }) => type !== 'null');
  const [first] = told;
  if (!first) return 'null';
  if (told.every(({ type }) => type === first.type)) return first.type;
  const odd = told.find(({ type }) => !isLike(type, first.type));
  if (!odd) return 'number';
  throw new ExpressionError(odd.at, `${operator} mixes ${named(first.type)} and ${named(odd.type)}`);
}

const isLike = (a: string, b: string) => a === b || (IS_NUMBER.includes(a) && IS_NUMBER.includes(b));

function stepsType(expr: StepExpr, { visit }: Scope, path: string): ExprType {
  if (!visit) throw new ExpressionError(path, 'only a visit has steps: use the source session');
  if ('stepTime' in expr) return { type: 'integer', nullable: true };
  if ('inOrder' in expr) {
    for (const step of expr.inOrder.slice(1))
      if (SESSION_STEPS[step].keep < 2)
        throw new ExpressionError(path, `of ${step} only the first moment is kept: it can only come first`);
  }
  return { type: 'boolean', nullable: false };
}

const NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  text: 'a text',
  boolean: 'a condition',
  null: 'null',
};
const named = (type: string): string => NAMES[type]!;
