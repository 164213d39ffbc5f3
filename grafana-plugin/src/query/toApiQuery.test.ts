import { aQuery } from '../testing/fixtures';
import { toApiQuery } from './toApiQuery';

test('only what is set is sent', () => {
  expect(toApiQuery(aQuery(), undefined)).toEqual({ refId: 'A', shop: 'demo', metric: 'net_sales' });
});

test('a query without a shop asks for the default one', () => {
  expect(toApiQuery(aQuery({ shop: undefined }), 'uk-retail').shop).toBe('uk-retail');
});

test('top N belongs to a split: without one it is not sent', () => {
  expect(toApiQuery(aQuery({ limit: 5 }), undefined)).not.toHaveProperty('limit');
  expect(toApiQuery(aQuery({ limit: 5, groupBy: 'country' }), undefined)).toHaveProperty('limit', 5);
});

test('a filter that is still being made is not sent', () => {
  const filters = [
    { dimension: '', operator: 'in' as const, values: [] },
    { dimension: 'country', operator: 'in' as const, values: [] },
  ];
  expect(toApiQuery(aQuery({ filters }), undefined)).not.toHaveProperty('filters');
});

test.each([
  ['no metric', aQuery({ metric: undefined }), /No metric is chosen/],
  ['no shop', aQuery({ shop: undefined }), /No shop is chosen/],
  ['several shops', aQuery({ shop: '{demo,uk-retail}' }), /not the id of one shop/],
])('%s is refused with what to choose', (_what, query, message) => {
  expect(() => toApiQuery(query, undefined)).toThrow(message);
});
