import { createTheme, FieldType, formattedValueToString, getDisplayProcessor } from '@grafana/data';
import { type RecordOptions, toRecordFrame } from './toRecordFrame';

const options = (changes: Partial<RecordOptions> = {}): RecordOptions => ({
  ...{ refId: 'A', kind: 'orders', shop: 'demo', currency: 'EUR', scale: 2, sent: 'GET …', notices: [] },
  source: { uid: 'storepulse', name: 'Storepulse' },
  ...changes,
});
const orders = [
  { eventTime: 1_000, orderId: 'o-1', shop: 'demo', country: null, total: 1_234.5, lines: [{ sku: 'A' }] },
  { eventTime: 2_000, orderId: 'o-2', shop: 'demo', country: 'FR', customerId: 'ann', total: 3 },
];

test('records are a table: what names them first, then every field that one of them has', () => {
  const { fields, meta } = toRecordFrame(orders, options());
  expect(meta?.preferredVisualisationType).toBe('table');
  expect(fields.map(({ name, type, values }) => [name, type, values])).toEqual([
    ['orderId', FieldType.string, ['o-1', 'o-2']],
    ['eventTime', FieldType.time, [1_000, 2_000]],
    ['country', FieldType.string, [null, 'FR']],
    ['total', FieldType.number, [1_234.5, 3]],
    ['lines', FieldType.string, ['[{"sku":"A"}]', null]],
    ['customerId', FieldType.string, [null, 'ann']],
  ]);
  expect(fields.map(({ config }) => config.displayNameFromDS)).toContain('Event time');
});

test('amounts have the shop’s currency and decimals, with all digits', () => {
  const total = toRecordFrame(orders, options({ scale: 3 })).fields.find(({ name }) => name === 'total')!;
  const display = getDisplayProcessor({ field: total, theme: createTheme() });
  expect(formattedValueToString(display(1_234.5))).toBe('€1,234.500');
});

test('an order leads to its events, a customer to their orders', () => {
  const linkOf = (column: string) =>
    toRecordFrame(orders, options()).fields.find(({ name }) => name === column)?.config.links?.[0];
  expect(linkOf('orderId')?.internal?.query).toMatchObject({
    queryType: 'events',
    filters: [{ dimension: 'orderId', operator: 'in', values: [`\${__value.raw}`] }],
  });
  expect(linkOf('customerId')?.internal?.query).toMatchObject({ queryType: 'records', records: 'orders' });
  expect(linkOf('total')).toBeUndefined();
});

test('without a record there is the column that would name them, and no error', () => {
  expect(toRecordFrame([], options({ kind: 'products' })).fields.map(({ name }) => name)).toEqual(['sku']);
});
