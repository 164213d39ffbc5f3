import { aCatalog, aQuery } from '../testing/fixtures';
import { applyCode } from './applyCode';
import { readCode } from './readCode';

test('an error in a text has its place in words, and leaves no query', () => {
  expect(readCode('orders\n  by', aCatalog())).toEqual({
    query: undefined,
    markers: [
      { message: 'The dimension is missing: the text ends here.', from: 11, to: 11, severity: 'error' },
    ],
    remarks: ['Line 2, column 5: The dimension is missing: the text ends here.'],
  });
});

test('a name that is not known is a warning', () => {
  expect(readCode('order', aCatalog())).toEqual({
    query: { metric: 'order' },
    markers: [{ message: 'There is no metric order.', from: 0, to: 5, severity: 'warning' }],
    remarks: ['Line 1, column 1: There is no metric order.'],
  });
});

test('what a text does not tell of a query stays, what it no longer says goes', () => {
  const query = aQuery({ hide: true, groupBy: 'country', limit: 5, format: 'table', editorMode: 'code' });
  expect(applyCode(query, { metric: 'orders', shop: 'demo' })).toEqual(
    aQuery({ hide: true, metric: 'orders', editorMode: 'code' }),
  );
});
