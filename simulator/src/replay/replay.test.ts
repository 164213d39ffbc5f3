import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventRegistry } from '@storepulse/contracts';
import { Value } from 'typebox/value';
import { SimulatorError } from '../errors.ts';
import { jumpingClock, memorySink } from '../testing.ts';
import type { Speed } from './pacing.ts';
import { replay } from './replay.ts';
import { formatSummary } from './summary.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
after(() => rmSync(folder, { recursive: true }));

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const START = Date.UTC(2026, 0, 1);
/** The same shop's history in both published forms. */
const ISO = [
  HEADER,
  '536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536365,71053,"LANTERN, ""WHITE""",2,2010-12-01 08:27:00,0.001,17850.0,United Kingdom',
  '536365,22000,CAFÉ SET,1,2010-12-01 08:27:00,0.0,17850.0,United Kingdom',
  'C536379,D,Discount,-1,2011-07-01 09:41:00,27.5,14527.0,France',
  'A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom',
  '536400,85123A,WHITE HEART,1,2011-08-13 10:00:00,2.95,,EIRE',
];
const MONTH_FIRST = [
  HEADER,
  '536365,85123A,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom',
  '536365,71053,"LANTERN, ""WHITE""",2,12/1/2010 8:27,0.001,17850,United Kingdom',
  '536365,22000,CAFÉ SET,1,12/1/2010 8:27,0,17850,United Kingdom',
  'C536379,D,Discount,-1,7/1/2011 9:41,27.5,14527,France',
  'A563186,B,Adjust bad debt,1,8/12/2011 14:51,-11062.06,,United Kingdom',
  '536400,85123A,WHITE HEART,1,8/13/2011 10:00,2.95,,EIRE',
];

let files = 0;
function fileOf(content: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}.csv`);
  writeFileSync(path, content);
  return path;
}

async function replayed(
  content: string | Buffer,
  options: {
    shop?: string;
    speed?: Speed;
    times?: number;
    signal?: AbortSignal;
    onProgress?: () => void;
  } = {},
) {
  const sink = memorySink();
  const clock = jumpingClock(START);
  const { shop = 'uk', speed = 'max', times, signal, onProgress = () => {} } = options;
  const present = times ? { present: { times } } : {};
  const report = await replay({
    files: [fileOf(content)],
    shop,
    currency: 'GBP',
    speed,
    sink,
    clock,
    onProgress,
    ...present,
    ...(signal ? { signal } : {}),
  });
  return { report, sink, clock, events: sink.events() };
}
const rejections = async (...rows: string[]) => (await replayed([HEADER, ...rows].join('\n'))).report.survey;

test('every row has a fate, and the fates add up', async () => {
  const { report } = await replayed(ISO.join('\n'));
  assert.deepEqual(report.survey.fates, { order_line: 3, return_line: 1, adjustment: 1, stock_movement: 1 });
  assert.equal(report.survey.rejectedCount, 0);
  assert.equal(report.sent.grossSales, 6 * 2550 + 2 * 1 + 2950);
  assert.equal(report.sent.returns, 27_500);
  assert.equal(report.sent.adjustments, -11_062_060);
});

test('the rows of one invoice are one order, and its rows of another kind are events of their own', async () => {
  const { events } = await replayed(ISO.join('\n'));
  const ofInvoice = events.filter((event) => JSON.stringify(event).includes('536365'));
  assert.deepEqual(
    ofInvoice.map(({ type, eventTime }) => [type, new Date(eventTime).toISOString()]),
    [
      ['order_placed', '2010-12-01T08:26:00.000Z'],
      ['stock_moved', '2010-12-01T08:26:00.000Z'],
    ],
  );
  const order = events.find((event) => event.type === 'order_placed')!;
  assert.equal(order.lines.length, 2);
  assert.equal(order.visitorId, 'customer:17850');
  assert.equal(order.total, 15_302);
});

test('wall times in summer are an hour ahead of UTC', async () => {
  const { events } = await replayed(ISO.join('\n'));
  const refund = events.find((event) => event.type === 'refund_issued')!;
  assert.equal(new Date(refund.eventTime).toISOString(), '2011-07-01T08:41:00.000Z');
  assert.deepEqual(refund.lines, [{ sku: 'D', category: null, quantity: 1, unitPrice: 27_500 }]);
});

test('a purchase without a customer is a visitor of its own', async () => {
  const { events } = await replayed(ISO.join('\n'));
  const order = events.find((event) => event.type === 'order_placed' && event.orderId === '536400')!;
  assert.ok(order.type === 'order_placed');
  assert.equal(order.visitorId, 'invoice:536400');
  assert.equal(order.customerId, null);
});

test('the shop is stored before anything else, then its customers and products', async () => {
  const { events } = await replayed(ISO.join('\n'));
  assert.equal(events[0]!.type, 'shop_upserted');
  assert.deepEqual(
    events.filter((event) => event.type === 'customer_upserted').map(({ customerId }) => customerId),
    ['17850', '14527'],
  );
  const heart = events.find((event) => event.type === 'product_upserted' && event.sku === '85123A');
  assert.ok(heart?.type === 'product_upserted');
  assert.equal(heart.price, 2_950);
});

test('both published forms, plain and compressed, make the same records', async () => {
  const iso = await replayed(ISO.join('\n'));
  const monthFirst = await replayed(Buffer.from(MONTH_FIRST.join('\r\n'), 'latin1'));
  const compressed = await replayed(gzipSync(ISO.join('\n')));
  assert.deepEqual(monthFirst.sink.records, iso.sink.records);
  assert.deepEqual(compressed.sink.records, iso.sink.records);
});

test('telling a file again makes the same records, telling it to another shop makes others', async () => {
  const first = await replayed(ISO.join('\n'));
  const second = await replayed(ISO.join('\n'));
  const other = await replayed(ISO.join('\n'), { shop: 'uk-two' });
  assert.deepEqual(second.sink.records, first.sink.records);
  const ids = new Set(first.events.map(({ eventId }) => eventId));
  assert.equal(ids.size, first.events.length);
  assert.ok(other.events.every(({ eventId }) => !ids.has(eventId)));
});

test('an invoice whose rows stand apart is still one order', async () => {
  const { events } = await replayed([HEADER, ISO[1], ISO[4], ISO[2]].join('\n'));
  const orders = events.filter((event) => event.type === 'order_placed');
  assert.deepEqual(
    orders.map((order) => order.lines.length),
    [2],
  );
});

test('rows that are exactly alike are different lines', async () => {
  const { report } = await replayed([HEADER, ISO[1], ISO[1]].join('\n'));
  assert.equal(report.sent.grossSales, 2 * 6 * 2550);
});

test('every event fits its schema', async () => {
  const { events } = await replayed(ISO.join('\n'));
  for (const event of events) {
    assert.deepEqual([...Value.Errors(eventRegistry.get(event.type)!.schema, event)], []);
  }
});

test('a line that can’t be read is named with its reason, and costs nothing but itself', async () => {
  const bad: [string, RegExp][] = [
    ['!!! garbage !!!', /1 columns instead of 8/],
    ['"536366,85123A,"WHITE,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /quotes/],
    ['536366,85123A,WHITE,6,2010-12-01', /5 columns instead of 8/],
    ['536366,85123A,WHITE,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom,extra', /9 columns/],
    ['536366,85123A,WHITE,6,2010-02-30 08:26:00,2.55,17850.0,United Kingdom', /InvoiceDate "2010-02-30/],
    ['536366,85123A,WHITE,6,31/31/2010 8:26,2.55,17850.0,United Kingdom', /InvoiceDate/],
    ['536366,85123A,WHITE,six,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /Quantity "six"/],
    ['536366,85123A,WHITE,6,2010-12-01 08:26:00,2.5555,17850.0,United Kingdom', /UnitPrice "2.5555"/],
    ['536366,85123A,WHITE,6,2010-12-01 08:26:00,free,17850.0,United Kingdom', /UnitPrice "free"/],
    ['536366,85123A,WHITE,9999999,2010-12-01 08:26:00,99999999,17850.0,United Kingdom', /too large/],
    ['536366,85123A,WHITE,6,2010-12-01 08:26:00,2.55,somebody,United Kingdom', /CustomerID "somebody"/],
    ['536366,85123A,WHITE,6,2010-12-01 08:26:00,2.55,17850.0,', /Country/],
    [',85123A,WHITE,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /InvoiceNo ""/],
    ['536366,a|b,WHITE,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /StockCode/],
    ['536366,85123A,WHITE,-6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /fits no kind of row/],
    ['C536366,85123A,WHITE,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom', /fits no kind of row/],
  ];
  for (const [line, reason] of bad) {
    const { fates, rejected, rejectedCount } = await rejections(ISO[1]!, line, ISO[2]!);
    assert.equal(rejectedCount, 1, line);
    assert.equal(rejected[0]!.line, 3, line);
    assert.match(rejected[0]!.reason, reason);
    assert.equal(fates.order_line, 2, line);
  }
});

test('a hopeless file is counted whole and reported in part', async () => {
  const survey = await rejections(...Array.from({ length: 1_000 }, () => 'garbage'));
  assert.equal(survey.rejectedCount, 1_000);
  assert.equal(survey.rejected.length, 20);
});

test('empty lines are no rows', async () => {
  const { report } = await replayed(`${HEADER}\n\n${ISO[1]}\n\n`);
  assert.equal(report.survey.rejectedCount, 0);
  assert.equal(report.survey.fates.order_line, 1);
});

test('nothing is sent of a file that does not exist, is another one, or is damaged', async () => {
  const damaged = gzipSync(ISO.join('\n')).subarray(0, 150);
  const cases: [string, SimulatorError['code']][] = [
    [join(folder, 'missing.csv'), 'file-unreadable'],
    [folder, 'file-unreadable'],
    [fileOf(''), 'wrong-header'],
    [fileOf('Name,Age\nAnn,3\n'), 'wrong-header'],
    [fileOf(damaged), 'file-damaged'],
  ];
  for (const [file, code] of cases) {
    const sink = memorySink();
    const attempt = replay({
      files: [file],
      shop: 'uk',
      currency: 'GBP',
      speed: 'max',
      sink,
      clock: jumpingClock(START),
      onProgress: () => {},
    });
    await assert.rejects(attempt, (error) => error instanceof SimulatorError && error.code === code);
    assert.equal(sink.records.length, 0);
  }
});

test('ended early, what was sent is stored, the rest is not sent, and the report says so', async () => {
  const ending = new AbortController();
  const { report, events } = await replayed(ISO.join('\n'), {
    speed: 100,
    signal: ending.signal,
    onProgress: () => ending.abort(),
  });
  assert.equal(report.complete, false);
  assert.equal(events.filter(({ type }) => type === 'order_placed').length, 1);
  assert.match(formatSummary(report, { shop: 'uk', currency: 'GBP' }), /ENDED EARLY/);
});

test('of a file that is no text, nothing is shown that a terminal would obey', async () => {
  const attempt = replayed('\u001b[2J\u0007\u0000InvoiceNo\n');
  await assert.rejects(attempt, ({ message }: Error) => {
    assert.match(message, /found: {2}·\[2J··InvoiceNo\n/);
    return true;
  });
});

test('a speed of N tells history N times as fast as it happened', async () => {
  const { clock } = await replayed(ISO.join('\n'), { speed: 3_600 });
  const history = Date.UTC(2011, 7, 13, 9, 0) - Date.UTC(2010, 11, 1, 8, 26);
  assert.equal(Math.round(clock.now() - START), Math.round(history / 3_600));
});

test('told as if it happened now, orders are new ones at present times, every time', async () => {
  const { events, report } = await replayed(ISO.join('\n'), { speed: 100_000, times: 2 });
  const orders = events.filter((event) => event.type === 'order_placed');
  assert.equal(new Set(orders.map(({ orderId }) => orderId)).size, 4);
  assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length);
  assert.ok(events.every(({ eventTime }) => eventTime >= START));
  const span = Date.UTC(2011, 7, 13, 9, 0) - Date.UTC(2010, 11, 1, 8, 26);
  assert.equal(orders[1]!.eventTime - orders[0]!.eventTime, Math.floor(span / 100_000));
  assert.equal(report.events.order_placed, 4);
});
