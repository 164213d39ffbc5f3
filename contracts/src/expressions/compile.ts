import type { SessionStep } from '../catalog/session.ts';
import { checkExpression, elementScope } from './check.ts';
import { type Expr, isLiteral, operandsOf, operation } from './model.ts';
import type { Scope, ValueType } from './types.ts';

/** A value in generated code. */
export interface Code {
  /** A name or a literal: using it twice costs nothing. */
  readonly code: string;
  readonly nullable: boolean;
}

/**
 * Writes JavaScript that computes expressions, one constant after another; what two expressions have in common is
 * computed once. The code reads `event` and `row`, and calls nothing but `Math` and methods of lists.
 */
export interface Generator {
  /** Adds the computation of an expression. @throws {ExpressionError} as `checkExpression` does */
  value(expr: Expr): Code;
  /** Adds a line as it is. */
  line(code: string): void;
  /** Everything so far. */
  readonly lines: readonly string[];
}

/** Names of constants, unique within one function. */
type Names = () => string;

const counter = (): Names => {
  let count = 0;
  return () => `v${count++}`;
};

/** @param row the name of the row's variable. @default row */
export function createGenerator(scope: Scope, names: Names = counter(), row = 'row'): Generator {
  const known = new Map<string, Code>();
  const lines: string[] = [];

  const keep = (code: string, nullable: boolean): Code => {
    const name = names();
    lines.push(`const ${name} = ${code};`);
    return { code: name, nullable };
  };
  const value = (expr: Expr): Code => {
    if (isLiteral(expr)) return { code: literal(expr), nullable: expr === null };
    const key = JSON.stringify(expr);
    const found = known.get(key);
    if (found) return found;
    const made = compute(expr);
    known.set(key, made);
    return made;
  };
  /** Null where an operand is. */
  const strict = (operands: readonly Code[], code: string, isNull: readonly string[] = []): Code => {
    const nulls = [
      ...operands.flatMap((each) => (each.nullable ? [`${each.code} === null`] : [])),
      ...isNull,
    ];
    if (nulls.length === 0) return keep(code, false);
    return keep(`${nulls.join(' || ')} ? null : ${code}`, true);
  };

  const compute = (expr: Exclude<Expr, null | boolean | number | string>): Code => {
    const { operator, argument } = operation(expr);
    if (operator === 'sumOf') return sumOf(argument as { each: string; of: Expr });
    const operands = operandsOf(expr).map((each) => value(each.expr));
    const codes = operands.map(({ code }) => code);
    const [a, b] = codes as [string, string];
    switch (operator) {
      case 'field':
        return read(expr as { field: string; type?: ValueType }, 'event', argument as string);
      case 'row':
        return read(expr as { row: string; type?: ValueType }, row, argument as string);
      case 'add':
      case 'multiply':
        return strict(operands, codes.join(operator === 'add' ? ' + ' : ' * '));
      case 'greatest':
      case 'least':
        return strict(operands, `Math.${operator === 'greatest' ? 'max' : 'min'}(${codes.join(', ')})`);
      case 'subtract':
        return strict(operands, `${a} - ${b}`);
      case 'divide':
        return strict(operands, `${a} / ${b}`, [`${b} === 0`]);
      case 'modulo':
        return strict(operands, `${a} % ${b}`, [`${b} === 0`]);
      case 'equals':
      case 'notEquals':
      case 'lessThan':
      case 'atMost':
      case 'moreThan':
      case 'atLeast':
        return strict(operands, `${a} ${COMPARISONS[operator]} ${b}`);
      case 'and':
      case 'or':
        return connect(operator, operands);
      case 'not':
        return strict(operands, `!${a}`);
      case 'exists':
        return operands[0]!.nullable ? keep(`${a} !== null`, false) : { code: 'true', nullable: false };
      case 'coalesce':
        return coalesce(operands);
      case 'if': {
        const [when, yes, no = { code: 'null', nullable: true }] = operands;
        const nullable = yes!.nullable || no.nullable;
        return keep(`${when!.code} === true ? ${yes!.code} : ${no.code}`, nullable);
      }
      case 'size': {
        const { nullable } = checkExpression(expr, scope);
        const list = place('event', argument as string);
        return nullable ? keep(`${list}?.length ?? null`, true) : keep(`${list}.length`, false);
      }
      case 'step':
        return keep(`event.steps.${argument as SessionStep} !== undefined`, false);
      case 'stepTime':
        return keep(`event.steps.${argument as SessionStep}?.[0] ?? null`, true);
      case 'inOrder':
        return keep(`${momentOf(argument as SessionStep[]).code} !== undefined`, false);
    }
  };

  const read = (expr: Expr & { type?: ValueType }, from: string, path: string): Code => {
    const { nullable } = checkExpression(expr, scope);
    if (!nullable) return keep(place(from, path), false);
    const isOwn = path.includes('.') || !(path in ((from === 'event' ? scope.fields : scope.row) ?? {}));
    if (!isOwn) return keep(`${place(from, path)} ?? null`, true);
    const raw = keep(place(from, path), true).code;
    return keep(`${IS_OF[expr.type!](raw)} ? ${raw} : null`, true);
  };
  const connect = (operator: 'and' | 'or', operands: readonly Code[]): Code => {
    const codes = operands.map(({ code }) => code);
    const deciding = operator === 'or';
    if (operands.every(({ nullable }) => !nullable))
      return keep(codes.join(deciding ? ' || ' : ' && '), false);
    const decided = codes.map((code) => `${code} === ${deciding}`).join(' || ');
    const unknown = operands
      .flatMap(({ code, nullable }) => (nullable ? [`${code} === null`] : []))
      .join(' || ');
    return keep(`(${decided}) ? ${deciding} : (${unknown}) ? null : ${!deciding}`, true);
  };
  const coalesce = (operands: readonly Code[]): Code => {
    const certain = operands.findIndex(({ nullable }) => !nullable);
    const used = certain < 0 ? operands : operands.slice(0, certain + 1);
    return keep(used.map(({ code }) => code).join(' ?? '), certain < 0);
  };
  /** The moment at which a visit reached the last of some steps in their order; undefined: it did not. */
  const momentOf = (steps: readonly SessionStep[]): Code => {
    const key = JSON.stringify({ momentOf: steps });
    const found = known.get(key);
    if (found) return found;
    const times = `event.steps.${steps.at(-1)!}`;
    const before = steps.length > 1 ? momentOf(steps.slice(0, -1)).code : undefined;
    const next = `${before} === undefined ? undefined : ${times}?.find((time) => time >= ${before})`;
    const made = keep(before ? next : `${times}?.[0]`, false);
    known.set(key, made);
    return made;
  };
  const sumOf = ({ each, of }: { each: string; of: Expr }): Code => {
    const element = names();
    const sum = names();
    const inner = createGenerator(elementScope(each, scope), names, element);
    const added = inner.value(of);
    const { nullable } = checkExpression({ sumOf: { each, of } }, scope);
    const list = place('event', each);
    const add = added.nullable ? `${added.code} ?? 0` : added.code;
    lines.push(
      `let ${sum} = ${nullable ? `${list} ? 0 : null` : '0'};`,
      `for (const ${element} of ${list}${nullable ? ' ?? []' : ''}) {`,
      ...inner.lines,
      `${sum} += ${add};`,
      '}',
    );
    return { code: sum, nullable };
  };

  return { value, line: (code) => lines.push(code), lines };
}

const COMPARISONS = {
  equals: '===',
  notEquals: '!==',
  lessThan: '<',
  atMost: '<=',
  moreThan: '>',
  atLeast: '>=',
} as const;

/** Whether a value that no schema has checked is of a type, as `hasType` says. */
const IS_OF: Readonly<Record<ValueType, (raw: string) => string>> = {
  integer: (raw) => `Number.isSafeInteger(${raw})`,
  number: (raw) => `Number.isFinite(${raw})`,
  text: (raw) => `typeof ${raw} === 'string'`,
  boolean: (raw) => `typeof ${raw} === 'boolean'`,
};

/** JSON is JavaScript; numbers below zero are kept from what stands before them. */
const literal = (value: null | boolean | number | string): string =>
  typeof value === 'number' && value < 0 ? `(${value})` : JSON.stringify(value);

/** A field of a variable; one within an object is undefined where there is no object. */
function place(from: string, path: string): string {
  const [first, ...rest] = path.split('.');
  return `${from}[${JSON.stringify(first)}]${rest.map((name) => `?.[${JSON.stringify(name)}]`).join('')}`;
}

/** One expression as a function. */
export function compileExpression(expr: Expr, scope: Scope): (event: unknown, row?: unknown) => unknown {
  const generator = createGenerator(scope);
  const { code } = generator.value(expr);
  return makeFunction(['event', 'row'], [...generator.lines, `return ${code};`]) as never;
}

/**
 * A function of generated code.
 * @param given what it may use beside its parameters, by name
 */
export function makeFunction(
  parameters: readonly string[],
  lines: readonly string[],
  given: Readonly<Record<string, unknown>> = {},
): (...args: unknown[]) => unknown {
  const body = `'use strict'; return (${parameters.join(', ')}) => {\n${lines.join('\n')}\n};`;
  // Everything in it is written by the generator: names and texts of expressions are in it as JSON alone.
  return new Function(...Object.keys(given), body)(...Object.values(given));
}
