import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelValueOf } from './label-value.ts';

test('what looks like an e-mail address or a card is no name that a label may show', () => {
  for (const shown of [
    'Bags @ Home',
    'Mugs, 12 pieces',
    '1234 567 890 12',
    'São Tomé',
    'c@t',
    '4006381333931',
  ])
    assert.equal(labelValueOf(shown), shown);
  for (const hidden of [
    'jane@roe.example',
    'to jane@roe.example today',
    '4111111111111111',
    '4111-1111 1111-1111',
  ])
    assert.equal(labelValueOf(hidden), 'other');
});
