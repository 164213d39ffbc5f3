import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry } from '@storepulse/contracts';
import { clearFact, PERSONAL_FIELDS } from './clear.ts';

test('every kind of fact loses visitor, visit and customer; an exchange rate has none', () => {
  const kinds = new Set([...eventRegistry.values()].flatMap(({ fact }) => (fact ? [fact.collection] : [])));
  assert.deepEqual(new Set(PERSONAL_FIELDS.keys()), kinds);
  const person = ['visitorId', 'sessionId', 'customerId'];
  for (const [kind, fields] of PERSONAL_FIELDS)
    assert.deepEqual(fields.slice(0, 3), kind === 'exchange-rates' ? [] : person, kind);
});

test('what somebody wrote goes too, and the amount stays', () => {
  const fact = { _id: 'demo|a1', task: 'facts/0', customerId: 'c1', reason: 'Jane is bankrupt', amount: -5 };
  const { _id, customerId, reason, amount } = clearFact('adjustments', fact);
  assert.deepEqual(
    { _id, customerId, reason, amount },
    { _id: 'demo|a1', customerId: null, reason: null, amount: -5 },
  );
});
