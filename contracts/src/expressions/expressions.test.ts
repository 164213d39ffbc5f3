import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry } from '../events/index.ts';
import {
  checkExpression,
  type Expr,
  type ExpressionError,
  formatExpr,
  inlineRow,
  scopeOfEvents,
  VISIT_SCOPE,
} from './index.ts';

const ORDERS = scopeOfEvents(['order_placed'], eventRegistry);
const LINES = { ...ORDERS, row: { quantity: { type: 'integer', nullable: false } } } as const;

test('the type of a field is its schema’s, and one that may be left out may be null', () => {
  assert.deepEqual(checkExpression({ field: 'total' }, ORDERS), { type: 'integer', nullable: false });
  assert.deepEqual(checkExpression({ field: 'paymentMethod' }, ORDERS), { type: 'text', nullable: true });
  assert.deepEqual(checkExpression({ field: 'customerId' }, ORDERS), { type: 'text', nullable: true });
  const both = scopeOfEvents(['order_placed', 'refund_issued'], eventRegistry);
  assert.deepEqual(checkExpression({ field: 'total' }, both), { type: 'integer', nullable: true });
  assert.deepEqual(checkExpression({ field: 'type' }, both), { type: 'text', nullable: false });
});

test('an expression that means nothing is refused where the mistake is', () => {
  const refused: [Expr, string, RegExp][] = [
    [{ field: 'totla' }, '', /no field totla; there are .*total.*give its type/],
    [{ add: [1, { field: 'country' }] }, 'add/1', /add takes numbers, and this is a text/],
    [{ equals: [{ field: 'total' }, 'a'] }, 'equals/1', /mixes a whole number and a text/],
    [{ equals: [{ field: 'country' }, null] }, '', /use exists/],
    [{ and: [{ field: 'total' }] }, 'and/0', /takes conditions/],
    [{ if: { when: { field: 'total' }, value: 1 } }, 'if/when', /when is a condition/],
    [{ not: { step: 'viewed' } }, 'not', /only a visit has steps/],
    [{ row: 'sku' }, '', /no rows here to read sku of: use field/],
    [{ field: 'lines' }, '', /lines is a list/],
    [{ size: 'total' }, '', /no list total/],
    [{ field: 'total', type: 'text' }, '', /total is a whole number, not a text/],
    [{ sumOf: { each: 'lines', of: { row: 'weight' } } }, 'sumOf/of', /no field weight/],
  ];
  for (const [expr, path, message] of refused) {
    assert.throws(
      () => checkExpression(expr, ORDERS),
      (error: ExpressionError) => error.path === path && message.test(error.message),
      JSON.stringify(expr),
    );
  }
  assert.throws(() => checkExpression({ inOrder: ['carted', 'viewed'] }, VISIT_SCOPE), /can only come first/);
});

test('a formula reads as people write it', () => {
  const formulas: [Expr, string][] = [
    [{ subtract: [{ multiply: [{ row: 'price' }, { row: 'quantity' }] }, 1] }, 'price × quantity − 1'],
    [{ multiply: [{ add: [1, { field: 'a' }] }, 2] }, '(1 + a) × 2'],
    [{ subtract: [1, { subtract: [2, 3] }] }, '1 − (2 − 3)'],
    [
      { and: [{ equals: [{ field: 'type' }, 'x'] }, { or: [{ step: 'carted' }, true] }] },
      'type = x and (took the step carted or true)',
    ],
    [{ not: { exists: { field: 'a' } } }, 'not a is told'],
    [{ coalesce: [{ field: 'a' }, 0] }, 'a or else 0'],
    [{ if: { when: { lessThan: [{ field: 'a' }, 1] }, value: 1, otherwise: -2 } }, '(1 if a < 1, else −2)'],
    [{ sumOf: { each: 'lines', of: { add: [{ row: 'a' }, 1] } } }, 'Σ (a + 1) of lines'],
    [{ inOrder: ['viewed', 'carted'] }, 'took the steps viewed → carted'],
  ];
  for (const [expr, formula] of formulas) assert.equal(formatExpr(expr), formula);
});

test('a computed field of a row stands for its expression, but not within the elements of a list', () => {
  const fields = { amount: { multiply: [{ row: 'quantity' }, 2] } };
  const expr: Expr = { if: { when: { moreThan: [{ row: 'amount' }, 0] }, value: { row: 'amount' } } };
  const inlined = inlineRow(expr, fields);
  assert.equal(formatExpr(inlined), '(quantity × 2 if quantity × 2 > 0)');
  assert.equal(checkExpression(inlined, LINES).type, 'integer');
  const ofList: Expr = { sumOf: { each: 'lines', of: { row: 'amount' } } };
  assert.deepEqual(inlineRow(ofList, fields), ofList);
});
