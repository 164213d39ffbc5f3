import { type Static, type TSchema, Type } from 'typebox';
import { SESSION_STEPS, type SessionStep } from '../catalog/session.ts';
import type { ValueType } from './types.ts';

const Sub = Type.Ref('Expression');
const Pair = Type.Tuple([Sub, Sub]);
const List = Type.Array(Sub, { minItems: 1, maxItems: 50 });
const STEP_NAMES = Object.keys(SESSION_STEPS) as SessionStep[];
const Step = Type.Unsafe<SessionStep>(Type.Union(STEP_NAMES.map((step) => Type.Literal(step))));
const FIELD_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$';
const FieldName = Type.String({ pattern: FIELD_PATTERN, maxLength: 80 });
const OwnType = Type.Union([
  Type.Literal('integer'),
  Type.Literal('number'),
  Type.Literal('text'),
  Type.Literal('boolean'),
]);

/** An object with one property, the operator's. */
const operator = <const Name extends string, Argument extends TSchema>(
  name: Name,
  argument: Argument,
  description: string,
) =>
  Type.Object({ [name]: argument } as { [K in Name]: Argument }, {
    additionalProperties: false,
    description,
  });

/** What fields can be of when their event's schema does not know them; a value of another type counts as none. */
const ownField = { type: Type.Optional(OwnType) };

/**
 * An expression over an event, a row of one of its lists, or a visit: plain data, without side effects, with a value for
 * every event. As in SQL, what is not known is null: null makes arithmetic and comparisons null, `and`, `or` and `not`
 * know three values, and a condition holds only where it is true.
 */
export const ExpressionSchema = Type.Cyclic(
  {
    Expression: Type.Union([
      Type.Null(),
      Type.Boolean(),
      Type.Number(),
      Type.String({ maxLength: 200 }),
      Type.Object(
        { field: FieldName, ...ownField },
        { additionalProperties: false, description: 'field of the event or visit; dots lead into objects' },
      ),
      Type.Object(
        { row: FieldName, ...ownField },
        { additionalProperties: false, description: 'field of the row, where the source has rows' },
      ),
      operator('add', List, 'sum of numbers'),
      operator('subtract', Pair, 'the first less the second'),
      operator('multiply', List, 'product of numbers'),
      operator('divide', Pair, 'the first by the second; null by zero'),
      operator('modulo', Pair, 'what division leaves, with the sign of the first; null by zero'),
      operator('greatest', List, 'greatest of numbers'),
      operator('least', List, 'least of numbers'),
      operator('equals', Pair, 'whether both are the same'),
      operator('notEquals', Pair, 'whether they differ'),
      operator('lessThan', Pair, 'whether the first number is less than the second'),
      operator('atMost', Pair, 'whether the first number is not more than the second'),
      operator('moreThan', Pair, 'whether the first number is more than the second'),
      operator('atLeast', Pair, 'whether the first number is not less than the second'),
      operator('and', List, 'whether all hold'),
      operator('or', List, 'whether one holds'),
      operator('not', Sub, 'whether it does not hold'),
      operator('exists', Sub, 'whether it is told, so not null'),
      operator('coalesce', List, 'the first that is not null'),
      operator(
        'if',
        Type.Object(
          { when: Sub, value: Sub, otherwise: Type.Optional(Sub) },
          { additionalProperties: false },
        ),
        '`value` where `when` holds, `otherwise` (null when left out) where it does not',
      ),
      operator('size', FieldName, 'how many elements a list of the event or visit has'),
      operator(
        'sumOf',
        Type.Object({ each: FieldName, of: Sub }, { additionalProperties: false }),
        'sum over the elements of a list of the event, which `row` reads in `of`; 0 over none',
      ),
      operator('step', Step, 'whether the visit took the step'),
      operator('stepTime', Step, 'when the visit first took the step, epoch ms'),
      operator(
        'inOrder',
        Type.Array(Step, { minItems: 1, maxItems: 10 }),
        'whether the visit took these steps, each after (or at the instant of) the one before',
      ),
    ]),
  },
  'Expression',
);
/** An expression as plain data. */
export type Expr = Static<typeof ExpressionSchema>;
/** What expressions have as values. */
export type ExprValue = number | string | boolean | null;

/** An expression that is not a plain value. */
export type Operation = Exclude<Expr, ExprValue>;
type KeyOf<T> = T extends unknown ? keyof T : never;
/** The name of an operator. */
export type Operator = Exclude<KeyOf<Operation>, 'type'>;

/** Whether an expression is a value that stands for itself. */
export const isLiteral = (expr: Expr): expr is ExprValue => expr === null || typeof expr !== 'object';

/** The operator of an expression and what it is given. */
export function operation(expr: Operation): { operator: Operator; argument: unknown } {
  for (const key in expr) {
    if (key !== 'type') return { operator: key as Operator, argument: expr[key as never] };
  }
  throw new TypeError('an expression without an operator');
}

/** The operators that take a list, a pair or one expression, by what they take. */
export const OPERANDS = {
  list: ['add', 'multiply', 'greatest', 'least', 'and', 'or', 'coalesce'],
  pair: [
    ...['subtract', 'divide', 'modulo'],
    ...['equals', 'notEquals', 'lessThan', 'atMost', 'moreThan', 'atLeast'],
  ],
  one: ['not', 'exists'],
} as const satisfies Record<string, readonly string[]>;

/** The expressions within operators that name theirs, in their order. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  if: ['when', 'value', 'otherwise'],
  sumOf: ['of'],
};

/** The expressions directly within another one, with the path to each. Elements of `sumOf` have a scope of their own. */
export function operandsOf(expr: Expr): readonly { readonly at: string; readonly expr: Expr }[] {
  if (isLiteral(expr)) return [];
  const { operator, argument } = operation(expr);
  if ((OPERANDS.one as readonly string[]).includes(operator))
    return [{ at: operator, expr: argument as Expr }];
  const within = PARTS[operator];
  if (within)
    return within.flatMap((name) => {
      const part = (argument as Readonly<Record<string, Expr>>)[name];
      return part === undefined ? [] : [{ at: `${operator}/${name}`, expr: part }];
    });
  if (!Array.isArray(argument) || operator === 'inOrder') return [];
  return argument.map((each: Expr, i) => ({ at: `${operator}/${i}`, expr: each }));
}

/** The same expression with others in the place of the row's fields that are named. */
export function inlineRow(expr: Expr, fields: Readonly<Record<string, Expr>>): Expr {
  if (isLiteral(expr)) return expr;
  if ('row' in expr) return Object.hasOwn(fields, expr.row) ? fields[expr.row]! : expr;
  const inline = (each: Expr): Expr => inlineRow(each, fields);
  // The elements of a list have fields of their own.
  if ('sumOf' in expr || 'field' in expr) return expr;
  const { operator, argument } = operation(expr);
  if (operator === 'if') {
    const parts = Object.entries(argument as Record<string, Expr>);
    return { if: Object.fromEntries(parts.map(([name, each]) => [name, inline(each)])) } as Expr;
  }
  if (operandsOf(expr).length === 0) return expr;
  return { [operator]: Array.isArray(argument) ? argument.map(inline) : inline(argument as Expr) } as Expr;
}

/** The fields that an expression reads by a type of its own. */
export function ownFields(expr: Expr): readonly { readonly field: string; readonly type: ValueType }[] {
  if (isLiteral(expr)) return [];
  if ('field' in expr) return expr.type ? [{ field: expr.field, type: expr.type }] : [];
  return operandsOf(expr).flatMap((each) => ownFields(each.expr));
}
