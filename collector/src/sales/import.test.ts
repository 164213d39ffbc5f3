import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { EventOf } from '@storepulse/contracts';
import { NOON, SHOP } from '@storepulse/contracts/testing/events';
import type { App, Caller, Policy, Scope } from '@storepulse/http';
import fc from 'fast-check';
import { appOver } from '../testing/app.ts';

const now = () => NOON;
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const ROWS = [
  '1001,MUG,"Mug, blue",2,2026-06-30 10:00:00,12.50,17850,France',
  '1001,LAMP,Lamp,1,2026-06-30 10:00:00,20.00,17850,France',
  'C1002,MUG,Mug,-1,2026-06-30 11:00:00,12.50,17850,France',
  'A1003,B,Bad debt,1,2026-06-30 12:00:00,-3.10,,France',
  '1004,MUG,broken,-2,2026-06-30 13:00:00,0,,France',
];
const CSV = [HEADER, ...ROWS].join('\n');

async function post(
  app: App,
  payload: string | Buffer,
  { query = '?shop=demo', ...headers }: Record<string, string> = {},
) {
  const answer = await app.inject({
    ...{ method: 'POST', url: `/v1/import${query}`, payload },
    headers: { 'content-type': 'text/csv', ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

const setUp = (deps: Parameters<typeof appOver>[1] = {}) => appOver([SHOP], { now, ...deps });
const eventsIn = ({ records }: Awaited<ReturnType<typeof setUp>>['kafka']) =>
  records.map(({ value }) => JSON.parse(value));
const told = (rows: readonly Record<string, unknown>[]) =>
  rows.map(({ row, status, code, path }) =>
    [row, status, code, path]
      .filter((part) => part !== undefined)
      .join(' ')
      .trim(),
  );

test('rows of CSV become orders, refunds, adjustments and stock movements, and each is told with its line', async () => {
  const { app, kafka } = await setUp();
  const { status, body } = await post(app, CSV);
  assert.equal(status, 200);
  assert.deepEqual([body.accepted, body.rejected], [5, 0]);
  assert.deepEqual(
    told(body.rows),
    [2, 3, 4, 5, 6].map((row) => `${row} accepted`),
  );
  assert.equal(body.rows[0].eventId, body.rows[1].eventId);
  const [order, refund, adjustment, movement] = eventsIn(kafka);
  // 10:00 of a summer's day in London.
  assert.equal(order.eventTime, Date.UTC(2026, 5, 30, 9));
  assert.deepEqual(
    [order.type, order.shop, order.orderId, order.currency, order.customerId, order.country],
    ['order_placed', 'demo', '1001', 'GBP', '17850', 'France'],
  );
  assert.deepEqual(order.lines, [
    { sku: 'MUG', category: null, quantity: 2, unitPrice: 1_250, discount: 0 },
    { sku: 'LAMP', category: null, quantity: 1, unitPrice: 2_000, discount: 0 },
  ]);
  assert.deepEqual([order.subtotal, order.total], [4_500, 4_500]);
  assert.deepEqual([refund.type, refund.refundId, refund.amount], ['refund_issued', 'C1002', 1_250]);
  assert.deepEqual([adjustment.type, adjustment.amount], ['adjustment_posted', -310]);
  assert.deepEqual([movement.type, movement.quantity, movement.reason], ['stock_moved', -2, 'broken']);
  assert.equal(kafka.records.length, 4);
  const metrics = (await app.inject('/metrics')).body;
  assert.match(metrics, /^storepulse_collector_rows_total\{status="accepted"\} 5$/m);
  assert.match(metrics, /^storepulse_collector_events_total\{status="accepted"\} 4$/m);
});

test('the same sales as CSV, with other marks, as JSON, as lines and compressed become the same events', async () => {
  const objects = [
    {
      invoice: '1001',
      sku: 'MUG',
      description: 'Mug, blue',
      qty: 2,
      invoiceDate: '2026-06-30T09:00:00Z',
      price: 12.5,
      customer: 17850,
      country: 'France',
    },
    {
      invoice: '1001',
      sku: 'LAMP',
      description: 'Lamp',
      qty: 1,
      invoiceDate: Date.UTC(2026, 5, 30, 9),
      price: '20.00',
      customer: '17850',
      country: 'France',
    },
  ];
  const german = [
    'Beleg;sku;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country',
    '1001;MUG;Mug, blue;2;30.06.2026 10:00;12,50;17850;France',
    '1001;LAMP;Lamp;1;30.06.2026 10:00;20,00;17850;France',
  ].join('\r\n');
  const lines = objects.map((row) => JSON.stringify(row)).join('\n\n');
  const expected = await setUp();
  await post(expected.app, [HEADER, ...ROWS.slice(0, 2)].join('\n'));
  for (const [payload, headers, rows] of [
    [german, { query: '?shop=demo&InvoiceNo=Beleg' }, [2, 3]],
    [
      gzipSync(german),
      { query: '?shop=demo&InvoiceNo=Beleg&dateOrder=dmy&decimal=,&delimiter=;', 'content-encoding': 'gzip' },
      [2, 3],
    ],
    [Buffer.from(`\ufeff${german}`, 'utf16le'), { query: '?shop=demo&InvoiceNo=Beleg' }, [2, 3]],
    [
      german,
      { query: '?shop=demo&InvoiceNo=Beleg', 'content-type': 'text/csv; charset=windows-1252' },
      [2, 3],
    ],
    [JSON.stringify(objects), { 'content-type': 'application/json' }, [1, 2]],
    [lines, { 'content-type': 'application/x-ndjson' }, [1, 3]],
  ] as const) {
    const { app, kafka } = await setUp();
    const { status, body } = await post(app, payload, headers);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      told(body.rows),
      rows.map((row) => `${row} accepted`),
    );
    assert.deepEqual(kafka.records, expected.kafka.records);
  }
});

test('an import that is sent again has the same ids, whatever else is in the request', async () => {
  const { app } = await setUp();
  const first = await post(app, CSV);
  const again = await post(app, [HEADER, ...ROWS.toReversed()].join('\n'));
  const idsOf = ({ body }: typeof first) =>
    body.rows.map(({ eventId }: { eventId: string }) => eventId).sort();
  assert.deepEqual(idsOf(again), idsOf(first));
  assert.equal(new Set(idsOf(first)).size, 4);
});

test('a row that is wrong is told with its line and column, and never with its value', async () => {
  const { app, kafka } = await setUp();
  const secret = 'someone@example.com';
  const { status, body } = await post(
    app,
    [
      ...[HEADER, ROWS[0], '', ROWS[1]],
      `2001,MUG,Mug,${secret},2026-06-30 10:00:00,12.50,,France`,
      `2002,MUG,Mug,1,${secret},12.50,,France`,
      `2003,MUG,Mug,1,2026-06-30 10:00:00,${secret},,France`,
      `2004,MUG,Mug,1,2026-06-30 10:00:00,12.505,,France`,
      `2005,MUG,Mug,1,2026-06-30 10:00:00,€12.50,,France`,
      `2006,MUG,Mug,1,2026-06-30 10:00:00,12.50,${secret},France`,
      `2007,MUG,Mug,1,2026-06-30 10:00:00,12.50,,`,
      `2008,MUG,Mug,-1,2026-06-30 10:00:00,12.50,,France`,
      `2009,MUG`,
      `"2010,MUG`,
      `2011,MUG,Mug,1,2026-07-02 10:00:00,12.50,,France`,
    ].join('\n'),
  );
  assert.equal(status, 207);
  assert.deepEqual(told(body.rows), [
    '2 accepted',
    '4 accepted',
    '5 rejected unreadable-row /Quantity',
    '6 rejected unreadable-row /InvoiceDate',
    '7 rejected unreadable-row /UnitPrice',
    '8 rejected unreadable-row /UnitPrice',
    '9 rejected unreadable-row /UnitPrice',
    '10 rejected unreadable-row /CustomerID',
    '11 rejected unreadable-row /Country',
    '12 rejected unreadable-row',
    '13 rejected unreadable-row',
    '14 rejected unreadable-row',
    '15 rejected impossible-time /InvoiceDate',
  ]);
  assert.ok(!JSON.stringify(body).includes(secret));
  assert.equal(kafka.records.length, 1);
  const metrics = (await app.inject('/metrics')).body;
  assert.match(metrics, /^storepulse_collector_rows_total\{status="rejected"\} 11$/m);
  assert.match(metrics, /^storepulse_collector_rejected_total\{code="unreadable-row"\} 10$/m);
  assert.match(metrics, /^storepulse_collector_rejected_total\{code="impossible-time"\} 1$/m);
});

test('an invoice is stored as a whole: a row that is wrong holds back the others of it, and no others', async () => {
  const { app, kafka } = await setUp();
  const wrong = '1001,CUP,Cup,1,2026-06-30 10:00:00,x,17850,France';
  const { status, body } = await post(app, [CSV, wrong].join('\n'));
  assert.equal(status, 207);
  assert.deepEqual(told(body.rows).slice(0, 3), [
    '2 rejected incomplete-invoice /InvoiceNo',
    '3 rejected incomplete-invoice /InvoiceNo',
    '4 accepted',
  ]);
  assert.match(body.rows[0].message, /row 7 is of the same invoice/);
  assert.deepEqual(
    eventsIn(kafka).map(({ type }) => type),
    ['refund_issued', 'adjustment_posted', 'stock_moved'],
  );
});

test('what an event is refused for is told of each of its rows', async () => {
  const { app } = await setUp();
  const { body } = await post(
    app,
    [
      HEADER,
      ...Array.from({ length: 2_000 }, (_, i) => `1,S${i},x,1000000,2026-06-30 10:00:00,1000.00,,France`),
    ].join('\n'),
  );
  assert.equal(body.code, 'nothing_accepted');
  assert.equal(body.rejected, 2_000);
  assert.match(body.rows[1_999].message, /^the order_placed of its invoice, at \/(subtotal|total): /);
});

test('what is wrong with a whole import is told by a code of its own', async () => {
  const limits = { bodyBytes: 4_000, items: 3, pendingBytes: 5_000, eventsPerSecond: 1_000 };
  const { app, kafka } = await setUp({ limits });
  const json = { 'content-type': 'application/json' };
  const row = (date: string, price: string) => `${HEADER}\n1,MUG,Mug,1,${date},${price},,France`;
  for (const [payload, headers, status, code, detail] of [
    [CSV, { query: '' }, 400, 'invalid_request', /shop/],
    [CSV, { query: '?shop=demo&colour=red' }, 400, 'invalid_request', /colour|additional/],
    [CSV, { query: '?shop=demo&dateOrder=dym' }, 400, 'invalid_request', /dateOrder/],
    ['[]', { ...json, query: '?shop=demo&decimal=,' }, 400, 'invalid_request', /CSV/],
    [CSV, { query: '?shop=other' }, 422, 'unknown_shop', /shop_upserted/],
    [CSV, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type', /text\/csv/],
    [CSV, { 'content-type': 'text/csv; charset=klingon' }, 415, 'unsupported_media_type', /windows-1252/],
    [
      Buffer.from([0x61, 0xff, 0x0a]),
      { 'content-type': 'text/csv; charset=utf-8' },
      400,
      'invalid_csv',
      /utf-8/,
    ],
    ['PK\u0003\u0004 a workbook', {}, 400, 'invalid_csv', /Excel/],
    ['\n\n', {}, 400, 'nothing_sent', /columns/],
    [HEADER, {}, 400, 'nothing_sent', /row/],
    ['a,b,c\n1,2,3', {}, 422, 'wrong_columns', /not found: InvoiceNo, .*\?InvoiceNo=NAME/],
    [`${HEADER},sku,StockCode\n`, {}, 422, 'wrong_columns', /there twice: StockCode/],
    [
      row('03/04/2026', '1.50'),
      {},
      422,
      'unclear_form',
      /2026-04-03 \(dmy\) or 2026-03-04 \(mdy\).*\?dateOrder=/,
    ],
    [row('2026-04-03', '1,234'), { query: '?shop=demo&delimiter=;' }, 422, 'wrong_columns', /delimiter/],
    [row('2026-04-03', '"1,234"'), {}, 422, 'unclear_form', /\?decimal=/],
    [CSV, {}, 413, 'too_many_items', /3 rows/],
    [JSON.stringify(Array(4).fill({})), json, 413, 'too_many_items', /3 rows/],
    [JSON.stringify([{ InvoiceNo: 1 }]), json, 422, 'wrong_columns', /not found: StockCode, Quantity/],
    ['[]', json, 400, 'nothing_sent', /row/],
    ['{"a":', json, 400, 'invalid_json', /JSON/],
    [`${'['.repeat(30)}${']'.repeat(30)}`, json, 400, 'too_deep', /20/],
    ['x'.repeat(4_001), {}, 413, 'body_too_large', /4000/],
  ] as const) {
    const { body, ...answer } = await post(app, payload, headers);
    assert.deepEqual([answer.status, body.code], [status, code], JSON.stringify(body));
    assert.match(body.detail, detail);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  }
  assert.equal(kafka.records.length, 0);
});

test('an object of JSON that is no row is told with its place', async () => {
  const { app } = await setUp();
  const row = {
    InvoiceNo: '1',
    StockCode: 'MUG',
    Quantity: 1,
    InvoiceDate: NOON - 1,
    UnitPrice: 1.5,
    Country: 'France',
  };
  const { body } = await post(
    app,
    JSON.stringify([
      { ...row },
      'text',
      { ...row, InvoiceNo: '2', StockCode: { a: 1 } },
      { ...row, InvoiceNo: '3', Quantity: true },
      { ...row, InvoiceNo: '4', InvoiceDate: 1e300 },
      { ...row, InvoiceNo: '5', UnitPrice: 1e21 },
      { ...row, InvoiceNo: null },
    ]),
    { 'content-type': 'application/json' },
  );
  assert.deepEqual(told(body.rows), [
    '1 accepted',
    '2 rejected unreadable-row',
    '3 rejected unreadable-row /StockCode',
    '4 rejected unreadable-row /Quantity',
    '5 rejected unreadable-row /InvoiceDate',
    '6 rejected unreadable-row /UnitPrice',
    '7 rejected unreadable-row /InvoiceNo',
  ]);
});

test('an import needs a key that may send events of its shop, and never tells whether another shop exists', async () => {
  const caller = (shop: string, scope: Scope): Caller => ({
    ...{ name: shop, scopes: new Set([scope]), shops: new Set([shop]) },
  });
  const [own, bound, reader] = ['own', 'bound', 'reader'] as const;
  const callers = new Map<string, Caller>([
    [`Bearer ${own}`, caller('demo', 'ingest')],
    [`Bearer ${bound}`, caller('elsewhere', 'ingest')],
    [`Bearer ${reader}`, caller('demo', 'read')],
  ]);
  const policy: Policy = {
    identify: async (authorization = '') => {
      const found = callers.get(authorization);
      return found === undefined ? { fault: 'missing' } : { caller: found };
    },
  };
  const { app, kafka } = await setUp({ policy });
  const by = (key: string, shop: string) =>
    post(app, CSV, { query: `?shop=${shop}`, authorization: `Bearer ${key}` });
  assert.equal((await post(app, CSV)).status, 401);
  assert.equal((await by(reader, 'demo')).status, 403);
  const [known, unknown] = await Promise.all([by(bound, 'demo'), by(bound, 'nobody')]);
  assert.deepEqual([known.status, known.body.code], [403, 'forbidden']);
  assert.deepEqual(unknown.body, JSON.parse(JSON.stringify(known.body).replaceAll('demo', 'nobody')));
  assert.equal(kafka.records.length, 0);
  assert.equal((await by(own, 'demo')).status, 200);
});

test('what Kafka does not take is told of its rows, with when to try again', async () => {
  const { app, kafka } = await setUp();
  kafka.outcome = ({ value }) => (JSON.parse(value).type === 'order_placed' ? 'unavailable' : 'stored');
  const some = await post(app, CSV);
  assert.equal(some.status, 207);
  assert.deepEqual(told(some.body.rows).slice(0, 3), [
    '2 unavailable kafka-unavailable',
    '3 unavailable kafka-unavailable',
    '4 accepted',
  ]);
  kafka.outcome = () => 'unavailable';
  const none = await post(app, CSV);
  assert.deepEqual([none.status, none.body.code], [503, 'kafka_unavailable']);
  for (const { headers } of [some, none]) assert.ok(Number(headers['retry-after']) > 0);
});

test('rows count for the rate of a key', async () => {
  const limits = { bodyBytes: 100_000, items: 5_000, pendingBytes: 200_000, eventsPerSecond: 2 };
  const { app } = await setUp({ limits });
  assert.equal((await post(app, CSV)).status, 200);
  const { status, headers } = await post(app, CSV);
  assert.equal(status, 429);
  assert.ok(Number(headers['retry-after']) > 0);
});

test('whatever is imported, what is stored is worth what its rows say, and every row has one end', async () => {
  const { app, kafka } = await setUp();
  const row = fc.record({
    invoice: fc.integer({ min: 1, max: 5 }),
    sku: fc.constantFrom('MUG', 'LAMP', 'CUP'),
    quantity: fc.integer({ min: -3, max: 9 }),
    pence: fc.integer({ min: 0, max: 99_999 }),
    isReturn: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      kafka.records.length = 0;
      const lines = rows.map(
        ({ invoice, sku, quantity, pence, isReturn }) =>
          `${isReturn ? 'C' : ''}${invoice},${sku},x,${quantity},2026-06-30 10:00:00,${(pence / 100).toFixed(2)},,France`,
      );
      const { body } = await post(app, [HEADER, ...lines].join('\n'));
      assert.deepEqual(
        body.rows.map(({ row: number }: { row: number }) => number),
        rows.map((_, i) => i + 2),
      );
      const worth = (isReturn: boolean) => {
        let sum = 0;
        body.rows.forEach(({ status }: { status: string }, i: number) => {
          const { quantity, pence, isReturn: own } = rows[i]!;
          if (status === 'accepted' && own === isReturn) sum += Math.abs(quantity) * pence;
        });
        return sum;
      };
      const sold = eventsIn(kafka) as EventOf<'order_placed' | 'refund_issued' | 'stock_moved'>[];
      const sumOf = (type: string, field: string) =>
        sold
          .filter((event) => event.type === type)
          .reduce((sum, event) => sum + (event as unknown as Record<string, number>)[field]!, 0);
      assert.equal(sumOf('order_placed', 'total'), worth(false));
      assert.equal(sumOf('refund_issued', 'amount'), worth(true));
      assert.equal(body.accepted + body.rejected, rows.length);
    }),
    { numRuns: 100 },
  );
});
