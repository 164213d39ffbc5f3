import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARK, operatorsIn, operatorsWith } from './operators.ts';

const mark = `${MARK}7`;

test('what has become an operator, a key, code or the name of a field is found', () => {
  for (const command of [
    { filter: { shop: { $ne: mark } } },
    { filter: { shop: { $in: ['uk-retail', mark] } } },
    { filter: { $where: 'true' } },
    { filter: { [mark]: 1 } },
    { filter: { $expr: { $eq: ['$shop', `$${mark}`] } } },
    { pipeline: [{ $group: { _id: `$${mark}` } }] },
    { projection: { [`cells.country.$${mark}.orders`]: 1 } },
    { projection: { [`cells.country.a.${mark}.orders`]: 1 } },
  ])
    assert.notDeepEqual(operatorsIn(command), [], JSON.stringify(command));
});

test('text that is still text is not', () => {
  const texts = operatorsWith(7).filter((each) => typeof each === 'string');
  for (const text of [...texts, JSON.stringify({ $ne: mark })])
    assert.deepEqual(operatorsIn({ filter: { sku: { $in: [text] } } }), [], text);
  assert.deepEqual(operatorsIn({ projection: { [`cells.country.%24${mark}.orders`]: 1 } }), []);
});
