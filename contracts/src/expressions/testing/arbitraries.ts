import fc from 'fast-check';
import type { Expr } from '../model.ts';
import type { Scope } from '../types.ts';

/** What the events below have: every type of field, with and without nulls, a list, and the steps of a visit. */
export const SCOPE: Scope = {
  visit: true,
  fields: {
    whole: { type: 'integer', nullable: false },
    mayWhole: { type: 'integer', nullable: true },
    mayNumber: { type: 'number', nullable: true },
    text: { type: 'text', nullable: false },
    mayText: { type: 'text', nullable: true },
    mayFlag: { type: 'boolean', nullable: true },
    lines: {
      type: 'list',
      nullable: true,
      elements: {
        quantity: { type: 'integer', nullable: false },
        discount: { type: 'integer', nullable: true },
      },
    },
  },
  row: { amount: { type: 'integer', nullable: false }, mayAmount: { type: 'integer', nullable: true } },
};

const small = fc.integer({ min: -9, max: 20 });
const word = fc.constantFrom('a', 'b', 'it’s', "o'clock", '');
const times = fc.option(
  fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 4 }).map((all) => all.sort((x, y) => x - y)),
  { nil: undefined },
);

/** Optional fields are left out as often as they are null. */
const optional = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.constant(null), fc.constant(undefined));

/** What one random event is. */
export interface RandomEvent {
  readonly event: Record<string, unknown> & { steps: Record<string, number[] | undefined> };
  readonly row: { amount: number; mayAmount?: number | null };
}

/** An event with a row. */
export const randomEvent: fc.Arbitrary<RandomEvent> = fc.record({
  event: fc.record({
    whole: small,
    mayWhole: optional(small),
    mayNumber: optional(fc.constantFrom(0.5, -2.25, 0, 3)),
    text: word,
    mayText: optional(word),
    mayFlag: optional(fc.boolean()),
    lines: fc.option(fc.array(fc.record({ quantity: small, discount: fc.option(small) }), { maxLength: 3 }), {
      nil: undefined,
    }),
    steps: fc
      .record({ viewed: times, carted: times, checkout: times, ordered: times })
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, each]) => each))),
    own: fc.oneof(fc.constant('a'), fc.constant(5), fc.constant(undefined)),
  }),
  row: fc.record({ amount: small, mayAmount: optional(small) }),
}) as unknown as fc.Arbitrary<RandomEvent>;

const pairOf = (each: fc.Arbitrary<Expr>) => fc.tuple(each, each);
const listOf = (each: fc.Arbitrary<Expr>) => fc.array(each, { minLength: 1, maxLength: 2 });
const of = <T extends string>(name: T, argument: fc.Arbitrary<unknown>): fc.Arbitrary<Expr> =>
  argument.map((value) => ({ [name]: value }) as unknown as Expr);

/** Well-typed expressions over `SCOPE`, of each type. */
export const { number, condition, text } = fc.letrec<{ number: Expr; condition: Expr; text: Expr }>((tie) => {
  const branch = (each: fc.Arbitrary<Expr>) =>
    fc.oneof(
      of('coalesce', listOf(each)),
      of('if', fc.record({ when: tie('condition'), value: each, otherwise: each })),
      of('if', fc.record({ when: tie('condition'), value: each })),
    );
  const step = fc.constantFrom('carted', 'checkout', 'ordered');
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      small,
      fc.constantFrom<Expr>(
        ...[{ field: 'whole' }, { field: 'mayWhole' }, { field: 'mayNumber' }, { row: 'amount' }],
        ...[{ row: 'mayAmount' }, { size: 'lines' }, { stepTime: 'ordered' as const }],
        { sumOf: { each: 'lines', of: { multiply: [{ row: 'quantity' }, { field: 'whole' }] } } },
        { sumOf: { each: 'lines', of: { subtract: [{ row: 'quantity' }, { row: 'discount' }] } } },
      ),
      fc.oneof(
        ...(['add', 'multiply', 'greatest', 'least'] as const).map((name) => of(name, listOf(tie('number')))),
        ...(['subtract', 'divide', 'modulo'] as const).map((name) => of(name, pairOf(tie('number')))),
      ),
      branch(tie('number')),
    ),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Expr>(true, false, { field: 'mayFlag' }, { step: 'carted' }),
      of(
        'inOrder',
        fc
          .tuple(fc.constantFrom('viewed', 'carted'), fc.array(step, { maxLength: 3 }))
          .map(([a, rest]) => [a, ...rest]),
      ),
      fc.oneof(
        ...(['lessThan', 'atMost', 'moreThan', 'atLeast', 'equals', 'notEquals'] as const).map((name) =>
          of(name, pairOf(tie('number'))),
        ),
        of('equals', pairOf(tie('text'))),
        of('notEquals', pairOf(tie('text'))),
      ),
      fc.oneof(
        of('and', listOf(tie('condition'))),
        of('or', listOf(tie('condition'))),
        of('not', tie('condition')),
        of('exists', tie('text')),
        of('exists', tie('number')),
      ),
      branch(tie('condition')),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      word,
      fc.constantFrom<Expr>({ field: 'text' }, { field: 'mayText' }, { field: 'own', type: 'text' }),
      branch(tie('text')),
    ),
  };
});
