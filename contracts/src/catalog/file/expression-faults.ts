import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Expr, ExpressionSchema, OPERANDS, operandsOf } from '../../expressions/model.ts';
import type { FileFault } from './faults.ts';

type Form = TSchema & {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly description?: string;
};

/** The form of each operator's object, by its name. */
const FORMS: ReadonlyMap<string, Form> = new Map(
  (ExpressionSchema.$defs.Expression as unknown as { anyOf: readonly Form[] }).anyOf.flatMap((form) => {
    const [name] = Object.keys(form.properties ?? {});
    return name === undefined ? [] : [[name, form] as const];
  }),
);
const MOST_OPERANDS = 50;
/** Deeper than anybody writes, and less deep than the stack. */
const DEEPEST = 30;

/** Why a value is no expression, told where it is; empty when it is one. */
export function faultOfExpression(value: unknown, path: FileFault['path'], depth = 0): FileFault[] {
  const fault = (message: string): FileFault[] => [{ path, message }];
  if (depth > DEEPEST) return fault(`expressions may be ${DEEPEST} deep`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return [];
  if (typeof value === 'number')
    return Number.isFinite(value) ? [] : fault(`${value} is no number to count with`);
  if (typeof value !== 'object' || Array.isArray(value)) return fault('must be an expression, not a list');
  const operators = Object.keys(value).filter((key) => key !== 'type');
  const [operator] = operators;
  if (operators.length !== 1 || operator === undefined)
    return fault(`an expression has one operator, and this has ${operators.join(', ') || 'none'}`);
  const form = FORMS.get(operator);
  if (!form) return fault(`there is no operator "${operator}"; there are ${[...FORMS.keys()].join(', ')}`);
  return faultOfArgument(operator, form, value as Record<string, unknown>, path, depth);
}

function faultOfArgument(
  operator: string,
  form: Form,
  value: Record<string, unknown>,
  path: FileFault['path'],
  depth: number,
): FileFault[] {
  const fault = (message: string): FileFault[] => [{ path: [...path, operator], message }];
  const argument = value[operator];
  const isOf = (kind: keyof typeof OPERANDS) => (OPERANDS[kind] as readonly string[]).includes(operator);
  if ('type' in value && operator !== 'field' && operator !== 'row')
    return fault(`"type" goes with field and row only`);
  if (isOf('list') && !(Array.isArray(argument) && argument.length >= 1 && argument.length <= MOST_OPERANDS))
    return fault(`${operator} takes a list of 1 to ${MOST_OPERANDS} expressions`);
  if (isOf('pair') && !(Array.isArray(argument) && argument.length === 2))
    return fault(`${operator} takes a list of two expressions`);
  if (operator === 'if' || operator === 'sumOf') {
    const wanted = operator === 'if' ? ['when', 'value', 'otherwise'] : ['each', 'of'];
    const given = typeof argument === 'object' && argument !== null ? Object.keys(argument) : [];
    const isWhole = wanted.slice(0, 2).every((name) => given.includes(name));
    if (!isWhole || given.some((name) => !wanted.includes(name)))
      return fault(
        operator === 'if' ? 'if takes "when", "value", and maybe "otherwise"' : 'sumOf takes "each" and "of"',
      );
    if (operator === 'sumOf' && typeof (argument as { each: unknown }).each !== 'string')
      return fault('"each" is the name of a list');
  } else if (!isOf('list') && !isOf('pair') && !isOf('one')) {
    return Value.Check(form, value) ? [] : fault(`${operator}: ${form.description}; this does not fit`);
  }
  return operandsOf(value as Expr).flatMap(({ at, expr }) =>
    faultOfExpression(
      expr,
      [...path, ...at.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : part))],
      depth + 1,
    ),
  );
}
