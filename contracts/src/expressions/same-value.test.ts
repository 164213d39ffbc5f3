import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import {
  checkExpression,
  compileExpression,
  type Expr,
  ExpressionError,
  type ExprValue,
  evaluateExpression,
  sqlText,
  toSql,
} from './index.ts';
import { condition, number, type RandomEvent, randomEvent, SCOPE, text } from './testing/arbitraries.ts';

const expression = fc.oneof(number, condition, text).filter(isAllowed);

/** Random operands may mix what does not fit, such as a comparison with null alone. */
function isAllowed(expr: Expr): boolean {
  try {
    checkExpression(expr, SCOPE);
    return true;
  } catch (error) {
    assert.ok(error instanceof ExpressionError);
    return false;
  }
}

/** −0 and 0 are the same number. */
const plain = (value: unknown): unknown =>
  value === 0 || value === 0n ? 0 : typeof value === 'bigint' ? Number(value) : value;

test('compiled code gives what the expression says', () => {
  fc.assert(
    fc.property(expression, fc.array(randomEvent, { minLength: 1, maxLength: 10 }), (expr, events) => {
      const compiled = compileExpression(expr, SCOPE);
      for (const { event, row } of events)
        assert.deepEqual(plain(compiled(event, row)), plain(evaluateExpression(expr, { event, row })));
    }),
    { numRuns: 500 },
  );
});

test('a value that the type says is never null never is', () => {
  fc.assert(
    fc.property(expression, randomEvent, (expr, subject) => {
      const { nullable, type } = checkExpression(expr, SCOPE);
      const value = evaluateExpression(expr, subject);
      if (value === null) assert.ok(nullable);
      else if (type === 'integer') assert.ok(Number.isSafeInteger(value));
      else
        assert.equal(
          typeof value,
          { number: 'number', text: 'string', boolean: 'boolean', null: 'null' }[type],
        );
    }),
    { numRuns: 500 },
  );
});

let connection: DuckDBConnection;
before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
after(() => connection.closeSync());

test('SQL gives what the stream counts, on the same events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(expression, { minLength: 15, maxLength: 25 }),
      fc.array(randomEvent, { minLength: 10, maxLength: 20 }),
      async (expressions, events) => {
        const columns = expressions.map((expr, i) => `${toSql(expr, SCOPE)} AS e${i}`);
        const reader = await connection.runAndReadAll(
          `SELECT ${columns.join(', ')} FROM (VALUES ${events.map(rowSql).join(', ')}) AS t(${COLUMNS}) ORDER BY place`,
        );
        const rows = reader.getRowsJS();
        events.forEach(({ event, row }, at) => {
          expressions.forEach((expr, i) => {
            const compiled = compileExpression(expr, SCOPE)(event, row);
            assert.deepEqual(
              plain(rows[at]![i]),
              plain(compiled),
              `${toSql(expr, SCOPE)} ${JSON.stringify(event)}`,
            );
          });
        });
      },
    ),
    { numRuns: 40 },
  );
});

const COLUMNS =
  'place, "whole", "mayWhole", "mayNumber", "text", "mayText", "mayFlag", "own", "lines", "steps", "row"';
const INTEGERS = 'BIGINT[]';

function rowSql({ event, row }: RandomEvent, place: number): string {
  const number = (value: unknown, type = 'BIGINT') => `CAST(${value ?? 'NULL'} AS ${type})`;
  const string = (value: unknown) => (typeof value === 'string' ? sqlText(value) : 'CAST(NULL AS VARCHAR)');
  const lines = event.lines as { quantity: number; discount: number | null }[] | undefined;
  const elements = lines?.map(
    (line) => `{quantity: ${number(line.quantity)}, discount: ${number(line.discount)}}`,
  );
  const steps = ['viewed', 'carted', 'checkout', 'ordered'].map(
    (step) => `${step}: CAST(${event.steps[step] ? `[${event.steps[step]}]` : 'NULL'} AS ${INTEGERS})`,
  );
  const values: string[] = [
    ...[`${place}`, number(event.whole), number(event.mayWhole), number(event.mayNumber, 'DOUBLE')],
    ...[
      string(event.text),
      string(event.mayText),
      `CAST(${event.mayFlag ?? 'NULL'} AS BOOLEAN)`,
      string(event.own),
    ],
    `CAST(${elements ? `[${elements}]` : 'NULL'} AS STRUCT(quantity BIGINT, discount BIGINT)[])`,
    `{${steps}}`,
    `{amount: ${number(row.amount)}, "mayAmount": ${number(row.mayAmount)}}`,
  ];
  return `(${values.join(', ')})`;
}

test('nulls go through as in SQL, and a condition holds only where it is true', () => {
  const value = (expr: Expr): ExprValue => evaluateExpression(expr, { event: { none: null } });
  const none: Expr = { field: 'none' };
  assert.equal(value({ add: [1, none] }), null);
  assert.equal(value({ and: [{ equals: [none, 1] }, false] }), false);
  assert.equal(value({ or: [{ equals: [none, 1] }, true] }), true);
  assert.equal(value({ not: { equals: [none, 1] } }), null);
  assert.equal(value({ if: { when: { equals: [none, 1] }, value: 1, otherwise: 2 } }), 2);
  assert.equal(value({ divide: [1, 0] }), null);
});
