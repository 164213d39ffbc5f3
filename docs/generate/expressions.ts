import {
  ExpressionSchema,
  eventRegistry,
  formatExpr,
  scopeOfEvents,
  toSql,
  VISIT_SCOPE,
} from '@storepulse/contracts';
import { code, page, table } from './markdown.ts';

interface Form {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const EXAMPLES: Readonly<Record<string, unknown>> = {
  field: { field: 'total' },
  row: { row: 'quantity' },
  add: { add: [{ field: 'shipping' }, { field: 'tax' }] },
  subtract: { subtract: [{ field: 'total' }, { field: 'tax' }] },
  multiply: { multiply: [{ row: 'unitPrice' }, { row: 'quantity' }] },
  divide: { divide: [{ field: 'discount' }, { field: 'subtotal' }] },
  modulo: { modulo: [{ field: 'total' }, 100] },
  greatest: { greatest: [{ field: 'shipping' }, 0] },
  least: { least: [{ field: 'total' }, 10_000] },
  equals: { equals: [{ field: 'country' }, 'France'] },
  notEquals: { notEquals: [{ field: 'country' }, 'France'] },
  lessThan: { lessThan: [{ field: 'total' }, 1_000] },
  atMost: { atMost: [{ field: 'total' }, 1_000] },
  moreThan: { moreThan: [{ field: 'total' }, 1_000] },
  atLeast: { atLeast: [{ field: 'total' }, 1_000] },
  and: { and: [{ moreThan: [{ field: 'tax' }, 0] }, { equals: [{ field: 'device' }, 'mobile'] }] },
  or: { or: [{ equals: [{ field: 'device' }, 'mobile'] }, { equals: [{ field: 'device' }, 'tablet'] }] },
  not: { not: { equals: [{ field: 'device' }, 'mobile'] } },
  exists: { exists: { field: 'customerId' } },
  coalesce: { coalesce: [{ field: 'paymentMethod' }, 'card'] },
  if: { if: { when: { moreThan: [{ field: 'total' }, 5_000] }, value: 'large', otherwise: 'small' } },
  size: { size: 'lines' },
  sumOf: { sumOf: { each: 'lines', of: { row: 'quantity' } } },
  step: { step: 'carted' },
  stepTime: { stepTime: 'ordered' },
  inOrder: { inOrder: ['viewed', 'carted'] },
};

/** The page of the expressions that metrics and dimensions are declared in. */
export function expressions(): string {
  const [first] = Object.values(ExpressionSchema.$defs) as unknown as { anyOf: readonly Form[] }[];
  const order = scopeOfEvents(['order_placed'], eventRegistry);
  const row = {
    quantity: { type: 'integer', nullable: false },
    unitPrice: { type: 'integer', nullable: false },
  } as const;
  const scope = { fields: { ...order.fields, ...VISIT_SCOPE.fields }, row, visit: true };
  const rows = first!.anyOf.flatMap(({ description = '', properties = {} }) => {
    const [name] = Object.keys(properties);
    if (!name) return [];
    const example = EXAMPLES[name] as never;
    return [
      [
        code(name),
        description,
        code(JSON.stringify(example)),
        formatExpr(example),
        code(toSql(example, scope)),
      ],
    ];
  });
  return page(
    'Expressions',
    '`contracts/src/expressions/model.ts`',
    'What a metric counts, and what rows and dimensions are read from, is an expression: plain data, in TypeScript, YAML or JSON alike. A number, a text, `true`, `false` and `null` stand for themselves; anything else is an object with one operator. It is checked at the start against the schemas of [the events](events.md) that it reads, and compiled to the code that counts. From the same declaration come the formula that people see and the SQL that a warehouse runs.',
    'What an event does not tell is null. Null makes arithmetic and comparisons null; `and`, `or` and `not` know three values, as in SQL; a condition holds only where it is true. A row whose value is null does not count.',
    table(['operator', 'meaning', 'example', 'as a formula', 'as SQL (DuckDB)'], rows),
    'A field that the schema of its event does not know can be read all the same: with its type, as `{"field":"loyaltyTier","type":"text"}`. The types are `integer`, `number`, `text` and `boolean`; a value of another type counts as none. Dots lead into objects: `{"field":"utm.source","type":"text"}`. Visits have the fields `firstTime`, `lastTime`, `settled`, `country`, `device` and `channel`, and the steps `searched`, `viewed`, `carted`, `checkout` and `ordered`.',
  );
}
