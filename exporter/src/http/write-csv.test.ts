import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const shop = makeShop({ timeZone: 'UTC' });
const sale = (time: string, gross: number, country: string): Happening => ({
  time: Date.parse(time),
  adds: { gross_sales: gross, orders: 1, adjustments: -gross },
  dimensions: { country },
});
const store = createMemoryStore({
  shops: [shop],
  documents: documentsOf(catalog, shop, [
    sale('2026-01-01T10:00Z', 1_500, 'France'),
    sale('2026-01-02T10:00Z', 2_500, 'France'),
    sale('2026-01-02T10:00Z', 4_000, '=HYPERLINK("http://evil")'),
    sale('2026-01-02T10:00Z', 500, 'Say "hi", twice'),
  ]),
});
const visited = Date.parse('2026-01-01T10:00Z');
const rows = createMemoryStore({
  ...{ shops: [shop], documents: [] },
  visits: [
    {
      ...{ firstTime: visited, device: 'mobile', channel: 'email', country: 'France', settled: true },
      steps: { ordered: [visited + 60_000] },
    },
  ],
  facts: {
    orders: [
      {
        ...{ customerId: 'a', eventTime: visited, subtotal: 1, discount: 0, country: 'France' },
        ...{ device: 'mobile', channel: 'email', paymentMethod: 'card' },
      },
    ],
  },
});
const overRows = await appOver(rows, Date.parse('2026-01-03T12:00Z'));
const app = await appOver(store, Date.parse('2026-01-03T12:00Z'));
const range = { from: '2026-01-01', to: '2026-01-03' };

const csvOf = (...queries: object[]) => csvFrom(app, queries);

async function csvFrom(from: typeof app, queries: object[]) {
  const answer = await from.inject({
    method: 'POST',
    url: '/api/v1/query',
    headers: { accept: 'text/csv', host: '127.0.0.1' },
    payload: { range, queries: queries.map((query, i) => ({ refId: `Q${i}`, shop: shop.shop, ...query })) },
  });
  return answer;
}

test('an answer is CSV for those who ask for it: a row for each number of each query', async () => {
  const answer = await csvOf(
    { metric: 'gross_sales', interval: '1d' },
    { metric: 'adjustments', format: 'table' },
    {
      metric: 'orders',
      format: 'table',
      groupBy: 'country',
      range: { from: '2026-01-02', to: '2026-01-03' },
    },
  );
  assert.equal(answer.statusCode, 200);
  assert.match(answer.headers['content-type'] as string, /^text\/csv/);
  assert.equal(answer.headers.vary, 'accept');
  assert.deepEqual(answer.body.split('\r\n'), [
    'ref_id,shop,metric,compared,dimension,group,time,value',
    'Q0,uk-retail,gross_sales,,,,2026-01-01T00:00:00.000Z,1.5',
    'Q0,uk-retail,gross_sales,,,,2026-01-02T00:00:00.000Z,7',
    'Q1,uk-retail,adjustments,,,,,-8.5',
    `Q2,uk-retail,orders,,country,"'=HYPERLINK(""http://evil"")",,1`,
    'Q2,uk-retail,orders,,country,France,,1',
    'Q2,uk-retail,orders,,country,"Say ""hi"", twice",,1',
    '',
  ]);
});

test('rows of a comparison tell which part they are of', async () => {
  const query = {
    metric: 'gross_sales',
    compareTo: 'previous_period',
    range: { from: '2026-01-02', to: '2026-01-03' },
  };
  const parts = async (format: object) =>
    (await csvOf({ ...query, ...format })).body
      .split('\r\n')
      .slice(1, -1)
      .map((line) =>
        line
          .split(',')
          .filter((_, column) => column === 3 || column === 7)
          .join(),
      );
  const expected = [',7', 'earlier,1.5', 'difference,5.5', 'relative,3.6666666666666665'];
  assert.deepEqual(await parts({ interval: '1d' }), expected);
  assert.deepEqual(await parts({ format: 'table' }), expected);
});

test('an error of a query is a problem: CSV has no place for it', async () => {
  const answer = await csvOf({ metric: 'gross_sales', interval: '1d' }, { metric: 'nonsense' });
  assert.equal(answer.statusCode, 400);
  assert.match(answer.headers['content-type'] as string, /problem\+json/);
  assert.equal(answer.json().code, 'unknown_metric');
  assert.match(answer.json().detail, /^Q1: "nonsense" is no metric/);
});

test('of funnels and cohorts each figure of a row is one of the CSV', async () => {
  const answer = await csvFrom(overRows, [
    { type: 'funnel', steps: ['visited', 'ordered'], groupBy: 'device' },
    { type: 'cohort', months: 1 },
  ]);
  const told = answer.body.split('\r\n');
  assert.ok(told.includes('Q0,uk-retail,visits,,device/step,mobile/ordered,,1'), answer.body);
  assert.ok(told.includes('Q0,uk-retail,conversion_from_first,,device/step,mobile/ordered,,1'));
  assert.ok(told.includes('Q1,uk-retail,month_0,,cohort,2026-01,,1'));
  assert.ok(told.includes('Q1,uk-retail,month_0,share,cohort,2026-01,,1'));
  assert.ok(told.includes('Q1,uk-retail,month_1,,cohort,2026-01,,'));
});
