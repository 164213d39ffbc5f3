import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DATE_ORDERS, DECIMAL_MARKS, type FormOptions } from '@storepulse/contracts/sales/form';
import fc from 'fast-check';
import { SimulatorError, type SimulatorErrorCode } from '../../errors.ts';
import { jumpingClock, memorySink } from '../../testing.ts';
import { replay } from '../replay.ts';
import { formatSummary } from '../summary.ts';

const folder = mkdtempSync(join(tmpdir(), 'forms-'));
after(() => rmSync(folder, { recursive: true }));

const NOW = Date.UTC(2026, 0, 1);
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
let files = 0;

async function replayed(content: string | Buffer, form: FormOptions = {}, currency = 'GBP') {
  files += 1;
  const path = join(folder, `${files}.csv`);
  writeFileSync(path, content);
  const sink = memorySink();
  const report = await replay({
    ...{ files: [path], form, shop: 'uk', currency, speed: 'max', sink },
    ...{ clock: jumpingClock(NOW), onProgress: () => {} },
  });
  return { report, events: sink.events(), text: formatSummary(report, { shop: 'uk', currency }) };
}

/** What a file of one order of one line tells: when, how many, for how much each in thousandths, to whom. */
async function toldBy(content: string | Buffer, form: FormOptions = {}, currency = 'GBP') {
  const { events, report } = await replayed(content, form, currency);
  assert.deepEqual(report.survey.rejected, []);
  const [order, ...others] = events.filter((event) => event.type === 'order_placed');
  assert.ok(order && others.length === 0);
  const [line] = order.lines;
  return [
    new Date(order.eventTime).toISOString(),
    line!.quantity,
    line!.unitPrice,
    order.customerId,
    order.orderId,
    line!.sku,
  ];
}

async function refused(
  content: string | Buffer,
  code: SimulatorErrorCode,
  message: RegExp,
  form?: FormOptions,
) {
  await assert.rejects(replayed(content, form), (error) => {
    assert.ok(error instanceof SimulatorError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

const utf16 = (text: string, mark = true) => Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
const ROW = '900001,M1,MUG,6,2011-04-03 10:00:00,10.50,14001,Germany';
const PLAIN = `${HEADER}\n${ROW}\n`;
/** 3 April 2011, 10 in the morning in London's summer. */
const MORNING = '2011-04-03T09:00:00.000Z';
const TOLD = [MORNING, 6, 10_500, '14001', '900001', 'M1'];

test('forms in which people have the data set tell the same', async () => {
  const semicolon = PLAIN.replaceAll(',', ';');
  const forms: [string, string | Buffer][] = [
    ['as published', PLAIN],
    [
      'the header of Online Retail II',
      `Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n${ROW}`,
    ],
    ['an index of pandas', `,${HEADER}\n0,${ROW}`],
    ['an index with a name', `Unnamed: 0,${HEADER}\n0,${ROW}`],
    ['semicolons and decimal commas', semicolon.replace('10.50', '10,50')],
    ['semicolons and decimal points', semicolon],
    ['a spreadsheet’s line of its separator', `sep=;\r\n${semicolon}`],
    ['tabs', PLAIN.replaceAll(',', '\t')],
    ['bars', PLAIN.replaceAll(',', '|')],
    ['a byte order mark', `\uFEFF${PLAIN}`],
    ['UTF-16, little end first', utf16(PLAIN)],
    ['UTF-16, big end first', utf16(PLAIN).swap16()],
    ['UTF-16 without a mark', utf16(PLAIN, false)],
    ['UTF-16, compressed', gzipSync(utf16(PLAIN))],
    ['lines that end as on Windows', PLAIN.replaceAll('\n', '\r\n')],
    ['lines that end as on old Macs', PLAIN.replaceAll('\n', '\r')],
    ['every field in quotes', PLAIN.replaceAll(/[^,\n]+/g, '"$&"')],
    [
      'a header in capitals with spaces',
      PLAIN.replace(
        HEADER,
        ' INVOICE NO, stock_code,description,QUANTITY,Invoice Date,unit price,Customer Id,COUNTRY',
      ),
    ],
    [
      'columns in another order',
      'Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\nGermany,14001,10.50,2011-04-03 10:00:00,6,MUG,M1,900001',
    ],
    ['empty lines, also before the header', `\n\n${HEADER}\n\n${ROW}\n  \n,,,,,,,\n`],
    ['a delimiter at the end of every line', `${HEADER},\n${ROW},\n`],
    ['a delimiter at the end of rows alone', `${HEADER}\n${ROW},,\n`],
    ['spaces around fields', `${HEADER}\n${ROW.replaceAll(',', ' , ')}`],
    [
      'numbers that pandas kept as fractions',
      `${HEADER}\n900001.0,M1,MUG,6.0,2011-04-03 10:00:00,10.5,14001.0,Germany`,
    ],
    ['a price with a binary fraction’s noise', PLAIN.replace('10.50', '10.500000000000002')],
    ['a pound sign', PLAIN.replace('10.50', '£10.50')],
    ['the currency’s code', PLAIN.replace('10.50', '10.50 GBP')],
    ['a description over two lines', PLAIN.replace('MUG', '"MUG\nBLUE"')],
    ['a T between date and time', PLAIN.replace('03 10', '03T10')],
    ['UTC', PLAIN.replace('2011-04-03 10:00:00', '2011-04-03T09:00:00.000Z')],
    ['an offset', PLAIN.replace('10:00:00', '14:30:00+05:30')],
    ['an offset as pandas writes it', PLAIN.replace('10:00:00', '09:00:00+00:00')],
    ['slashes, year first', PLAIN.replace('2011-04-03', '2011/04/03')],
    ['the month’s name', PLAIN.replace('2011-04-03', '03-Apr-2011')],
    ['the month’s name first', PLAIN.replace('2011-04-03 10:00:00', '"April 3, 2011 10:00"')],
    ['a half-day clock', PLAIN.replace('10:00:00', '10:00:00 AM')],
    ['no seconds', PLAIN.replace('10:00:00', '10:00')],
  ];
  for (const [name, content] of forms) assert.deepEqual(await toldBy(content), TOLD, name);
});

test('what a spreadsheet groups in thousands is read whole, in either way of writing', async () => {
  const header = HEADER.replaceAll(',', ';');
  const price = async (quantity: string, text: string, form?: FormOptions) => {
    const row = `900001;M1;MUG;${quantity};2011-04-03 10:00:00;${text};14001;Germany`;
    return (await toldBy(`${header}\n${row}`, form)).slice(1, 3);
  };
  assert.deepEqual(await price('1,200', '£1,234.50'), [1_200, 1_234_500]);
  assert.deepEqual(await price('1.200', '1.234,50'), [1_200, 1_234_500]);
  assert.deepEqual(await price('1 200', '1 234,50'), [1_200, 1_234_500]);
  assert.deepEqual(await price('1\u202f200', "1'234.50"), [1_200, 1_234_500]);
  assert.deepEqual(await price('6', '1,234,567'), [6, 1_234_567_000]);
  assert.deepEqual(await price('6', '1.234', { decimal: ',' }), [6, 1_234_000]);
  assert.deepEqual(await price('6', '1.234', { decimal: '.' }), [6, 1_234]);
});

test('a number that may be thousands or decimals is asked for, unless another of the file tells', async () => {
  const rows = (...prices: string[]) =>
    [
      HEADER,
      ...prices.map((price, i) => `${900001 + i},M1,MUG,1,2011-04-03 10:00:00,"${price}",14001,Germany`),
    ].join('\n');
  await refused(rows('1,234'), 'wrong-form', /"1,234" in line 2 may be thousands or decimals.*--decimal/s);
  await refused(rows('2.50', '2,5'), 'wrong-form', /"2\.50" in line 2 .*"2,5" in line 3.*--decimal/s);
  assert.equal((await replayed(rows('1,234', '2.50'))).report.sent.grossSales, 1_236_500);
  assert.equal((await replayed(rows('1,234', '2,50'))).report.sent.grossSales, 3_734);
});

test('dates of numbers are read as the file’s other dates tell', async () => {
  const times = async (form: FormOptions, ...dates: string[]) => {
    const rows = dates.map((date, i) => `${900001 + i},M1,MUG,1,"${date}",10.00,14001,Germany`);
    const { events, report } = await replayed([HEADER, ...rows].join('\n'), form);
    assert.deepEqual(report.survey.rejected, []);
    return events
      .filter((event) => event.type === 'order_placed')
      .map(({ eventTime }) => new Date(eventTime).toISOString().slice(0, 16));
  };
  const april = ['2011-04-03T09:00', '2011-04-28T09:00'];
  assert.deepEqual(await times({}, '03/04/2011 10:00', '28/04/2011 10:00'), april);
  assert.deepEqual(await times({}, '4/3/2011 10:00', '4/28/2011 10:00'), april);
  assert.deepEqual(await times({}, '03-04-2011 10:00', '28-04-2011 10:00'), april);
  assert.deepEqual(await times({}, '03.04.2011 10:00', '28.04.2011 10:00'), april);
  assert.deepEqual(await times({}, '04/03/11 10:00 AM', '04/28/11 10:00 am'), april);
  // The day can't be the year: 2028 has not been yet.
  assert.deepEqual(await times({}, '03/04/11 10:00', '28/04/11 10:00'), april);
  assert.deepEqual(await times({ dateOrder: 'ymd' }, '11-04-03 10:00', '11-04-28 10:00'), april);
  assert.deepEqual(await times({ dateOrder: 'dmy' }, '03/04/2011 10:00', '3/4/2011, 10:00:00'), [
    april[0],
    april[0],
  ]);
  assert.deepEqual(await times({ dateOrder: 'mdy' }, '12/1/10 8:26'), ['2010-12-01T08:26']);
  // Both orders tell the same day.
  assert.deepEqual(await times({}, '04/04/2011 12:30 AM', '05/05/2011 12:30 PM'), [
    '2011-04-03T23:30',
    '2011-05-05T11:30',
  ]);
  assert.deepEqual(await times({}, '2011-04-03'), ['2011-04-02T23:00']);
});

test('dates that may be of two days are asked for, and nothing is sent', async () => {
  const file = (...dates: string[]) =>
    [HEADER, ...dates.map((date, i) => `${900001 + i},M1,MUG,1,${date},10.00,14001,Germany`)].join('\n');
  await refused(
    file('03/04/2011 10:00', '05/04/2011 10:00'),
    'wrong-form',
    /"03\/04\/2011 10:00" in line 2 may be 2011-04-03 \(dmy\) or 2011-03-04 \(mdy\).*--date-order/s,
  );
  await refused(file('03-04-2011 10:00'), 'wrong-form', /--date-order/);
  await refused(file('12/1/10 8:26'), 'wrong-form', /2010-01-12 \(dmy\).*2010-12-01 \(mdy\).*--date-order/s);
  await refused(
    file('13/04/2011 10:00', '04/13/2011 10:00'),
    'wrong-form',
    /line 3 .* and line 2 .*--date-order/s,
  );
});

test('with the order said, a date that does not fit it is rejected with its line', async () => {
  const rows = ['13/04/2011 10:00', '04/13/2011 10:00'].map(
    (date, i) => `${900001 + i},M1,MUG,1,${date},10.00,14001,Germany`,
  );
  const { report } = await replayed([HEADER, ...rows].join('\n'), { dateOrder: 'dmy' });
  assert.equal(report.survey.fates.order_line, 1);
  assert.deepEqual(
    report.survey.rejected.map(({ line, reason }) => [line, reason.includes('04/13/2011')]),
    [[3, true]],
  );
});

test('what was damaged on its way is named with what to change', async () => {
  const rejection = async (row: string) => {
    const { report } = await replayed(`${HEADER}\n${ROW}\n${row}`);
    assert.equal(report.survey.rejectedCount, 1, row);
    return report.survey.rejected[0]!.reason;
  };
  assert.match(
    await rejection(ROW.replace('2011-04-03 10:00:00', '40636.4166')),
    /number of a day.*2011-04-03/,
  );
  assert.match(await rejection(ROW.replace('900001', '9.00E+05')), /shortened.*as text/);
  assert.match(await rejection(ROW.replace('10.50', '€10.50')), /not in GBP.*--currency/);
  assert.match(await rejection(ROW.replace('10.50', '2.5555')), /more than 3 decimals/);
  assert.match(await rejection(ROW.replace(',6,', ',6.5,')), /whole number/);
  assert.match(await rejection(ROW.replace('10:00:00', '13:00:00 PM')), /not a date/);
  await refused(Buffer.from('PK\u0003\u0004rest'), 'wrong-form', /Excel.*CSV/s);
  await refused(Buffer.from([...Buffer.from(HEADER), 10, 0xa3]), 'wrong-form', /not utf-8.*--encoding/s, {
    encoding: 'utf-8',
  });
});

test('another currency is told by its option, and its sign is read', async () => {
  assert.deepEqual(await toldBy(PLAIN.replace('10.50', '€10.50'), {}, 'EUR'), TOLD);
  const { events } = await replayed(PLAIN.replace('10.50', '10.50 €'), {}, 'EUR');
  assert.deepEqual(
    events.flatMap((event) => ('currency' in event ? [event.currency] : [])),
    ['EUR', 'EUR'],
  );
});

test('text of Windows keeps its letters, and UTF-16 too', async () => {
  const name = async (content: Buffer, form?: FormOptions) => {
    const { events } = await replayed(content, form);
    return events.flatMap((event) => (event.type === 'product_upserted' ? [event.name] : []))[0];
  };
  const cafe = PLAIN.replace('MUG', 'CAFÉ €5 “BLUE”');
  const windows = Buffer.concat(
    [...cafe].map((letter) =>
      Buffer.from([{ '€': 0x80, '“': 0x93, '”': 0x94 }[letter] ?? letter.charCodeAt(0)]),
    ),
  );
  for (const content of [windows, Buffer.from(cafe), utf16(cafe)]) {
    assert.equal(await name(content), 'CAFÉ €5 “BLUE”');
  }
  assert.equal(await name(windows, { encoding: 'windows-1252' }), 'CAFÉ €5 “BLUE”');
});

test('a quote that is never closed costs its own row alone', async () => {
  const stray = ROW.replace('MUG', '"MUG').replace('900001', '900002');
  const rows = Array.from({ length: 300 }, (_, i) => ROW.replace('900001', String(910_000 + i)));
  const quotedRow = ROW.replace('MUG', '"MUG, ""BLUE"""').replace('900001', '900003');
  const { report } = await replayed([HEADER, stray, quotedRow, ...rows, stray].join('\n'));
  assert.deepEqual(
    report.survey.rejected.map(({ line, reason }) => [line, reason]),
    [
      [2, 'quotes do not fit'],
      [304, 'quotes do not fit'],
    ],
  );
  assert.equal(report.survey.fates.order_line, 301);
});

test('cancelled invoices are told by their letter in either case, with spaces before it', async () => {
  const rows = [' c900006', 'C900007'].map(
    (invoice) => `${invoice},M1,MUG,-6,2011-04-03 10:00:00,10.50,NaN,Germany`,
  );
  const { report, events } = await replayed([HEADER, ...rows].join('\n'));
  assert.equal(report.survey.fates.return_line, 2);
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'refund_issued' ? [[event.refundId, event.customerId]] : [])),
    [
      ['C900006', null],
      ['C900007', null],
    ],
  );
});

test('columns of other names are told by the user, and what is missing is named', async () => {
  const other = PLAIN.replace('InvoiceNo', 'Order id').replace('UnitPrice', 'Each');
  await refused(other, 'wrong-header', /not found: InvoiceNo, UnitPrice\n.*--map InvoiceNo=NAME/s);
  assert.deepEqual(await toldBy(other, { map: { InvoiceNo: 'order ID', UnitPrice: 'each' } }), TOLD);
  await refused(other, 'wrong-header', /InvoiceNo \(--map: Number\)/, {
    map: { InvoiceNo: 'Number', UnitPrice: 'Each' },
  });
  await refused(PLAIN.replaceAll('Country', 'Country,Country'), 'wrong-header', /there twice: Country/);
});

test('the report says how the file was read', async () => {
  const { text } = await replayed(
    `Shade;${HEADER.replaceAll(',', ';')}\nred;900001;M1;MUG;1;28.04.2011 10:00;10,50;14001;Germany`,
  );
  assert.match(
    text,
    /read as UTF-8 or Windows-1252 · fields between semicolons · dates day first \(dmy\) · decimals after "," · columns not read: Shade\n/,
  );
});

test('whatever the form, a row tells the time, pieces and price that were written into it', async () => {
  const two = (value: number) => String(value).padStart(2, '0');
  const row = fc.record({
    // Winter, when the shop's clock is that of UTC.
    time: fc
      .date({ min: new Date(Date.UTC(2001, 0, 1)), max: new Date(Date.UTC(2025, 0, 1)), noInvalidDate: true })
      .map((date) =>
        Date.UTC(
          date.getUTCFullYear(),
          date.getUTCMonth() % 3,
          Math.min(date.getUTCDate(), 28),
          date.getUTCHours(),
          date.getUTCMinutes(),
        ),
      )
      .filter((time) => new Date(time).getUTCMonth() < 2),
    quantity: fc.integer({ min: 1, max: 99_999 }),
    pence: fc.integer({ min: 1, max: 999_999 }),
  });
  const form = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    dateOrder: fc.constantFrom(...DATE_ORDERS),
    decimal: fc.constantFrom(...DECIMAL_MARKS),
    between: fc.constantFrom('/', '-', '.'),
    shortYear: fc.boolean(),
    halfDay: fc.boolean(),
    groups: fc.boolean(),
    sign: fc.constantFrom('', '£', '£ '),
    encode: fc.constantFrom(
      (text: string) => Buffer.from(text),
      (text: string) => utf16(text),
      (text: string) => utf16(text).swap16(),
    ),
    end: fc.constantFrom('\n', '\r\n'),
  });
  await fc.assert(
    fc.asyncProperty(row, form, async ({ time, quantity, pence }, chosen) => {
      const { delimiter, dateOrder, decimal, between, shortYear, halfDay, groups, sign, encode, end } =
        chosen;
      const at = new Date(time);
      const year = String(at.getUTCFullYear()).slice(shortYear ? 2 : 0);
      const day = at.getUTCDate();
      const parts = {
        d: dateOrder === 'ymd' ? two(day) : String(day),
        m: two(at.getUTCMonth() + 1),
        y: year,
      };
      const date = [...dateOrder].map((part) => parts[part as 'd' | 'm' | 'y']).join(between);
      const hour = at.getUTCHours();
      const clock = halfDay
        ? `${hour % 12 || 12}:${two(at.getUTCMinutes())} ${hour < 12 ? 'AM' : 'PM'}`
        : `${hour}:${two(at.getUTCMinutes())}`;
      const grouped = (value: number) =>
        groups
          ? String(value).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, decimal === '.' ? ',' : '.')
          : String(value);
      const price = `${sign}${grouped(Math.floor(pence / 100))}${decimal}${two(pence % 100)}`;
      const fields = [
        '900001',
        'M1',
        'MUG',
        grouped(quantity),
        `${date} ${clock}`,
        price,
        '14001',
        'Germany',
      ];
      const lines = [HEADER.split(','), fields].map((values) =>
        values.map((value) => `"${value}"`).join(delimiter),
      );
      const told = await toldBy(encode(lines.join(end)), { dateOrder, decimal });
      assert.deepEqual(told.slice(0, 3), [at.toISOString(), quantity, 10 * pence]);
    }),
    { numRuns: 200 },
  );
});
