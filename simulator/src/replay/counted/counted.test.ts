import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ShopTerms, StoreEvent } from '@storepulse/contracts';
import type { FactEvent } from '@storepulse/contracts/sales/invoice';
import fc from 'fast-check';
import { SimulatorError } from '../../errors.ts';
import { jumpingClock, memorySink } from '../../testing.ts';
import { isWhole, type ReplayOptions, replay } from '../replay.ts';
import { formatSummary } from '../summary.ts';
import { countedInvoices } from './counted-invoices.ts';
import { isFact, keyOf, moneyOf, textOf } from './facts.ts';
import type { CountedStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'counted-'));
after(() => rmSync(folder, { recursive: true }));

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const NOW = Date.UTC(2026, 0, 1);

/** A shop whose processor counts each business key once, as the first event of that key says it. */
function aShop() {
  const facts = new Map<string, FactEvent>();
  const refused = new Set<string>();
  const terms: { counted?: ShopTerms } = {};
  const sink = memorySink();
  const count = (event: StoreEvent) => {
    if (!isFact(event) || refused.has(textOf(keyOf(event)))) return;
    const key = textOf(keyOf(event));
    if (!facts.has(key)) facts.set(key, event);
  };
  const counted: CountedStore = {
    terms: async () => terms.counted,
    has: async () => facts.size > 0,
    invoices: async (_shop, invoices) => {
      const all = countedInvoices(invoices, [...facts.values()]);
      return new Map([...all].filter(([invoice]) => invoices.includes(invoice)));
    },
    amounts: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const fact = facts.get(textOf(key));
          return fact ? [[textOf(key), moneyOf(fact)] as const] : [];
        }),
      ),
    positions: async () => {
      sink.events().forEach(count);
      sink.records.length = 0;
      return new Map([[0, 1]]);
    },
    close: async () => {},
  };
  let files = 0;
  /** Replays files of these rows in one command. */
  const tell = async (
    contents: readonly (readonly string[])[],
    { replace = false, ...options }: Partial<ReplayOptions> & { replace?: boolean } = {},
  ) => {
    const paths = contents.map((rows) => {
      files += 1;
      const path = join(folder, `${process.pid}-${files}.csv`);
      writeFileSync(path, [HEADER, ...rows].join('\n'));
      return path;
    });
    return replay({
      ...{ files: paths, shop: 'uk', currency: 'GBP', speed: 'max', sink, clock: jumpingClock(NOW) },
      ...{ onProgress: () => {}, check: { counted, replace, ends: async () => new Map([[0, 1]]) } },
      ...options,
    });
  };
  /** What its figures show, in pounds. */
  const figures = () => {
    const sum = (amountOf: (fact: FactEvent) => number) =>
      [...facts.values()].reduce((total, fact) => total + amountOf(fact), 0) / 1_000;
    const lines = (list: readonly { quantity: number; unitPrice: number }[]) =>
      list.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0);
    return {
      gross: sum((fact) =>
        fact.type === 'order_placed'
          ? lines(fact.lines)
          : fact.type === 'order_edited'
            ? lines(fact.added)
            : 0,
      ),
      returns: sum((fact) =>
        fact.type === 'refund_issued' ? fact.amount : fact.type === 'order_edited' ? lines(fact.removed) : 0,
      ),
      adjustments: sum((fact) => (fact.type === 'adjustment_posted' ? fact.amount : 0)),
      orders: [...facts.values()].filter(({ type }) => type === 'order_placed').length,
      moved: [...facts.values()].filter(({ type }) => type === 'stock_moved').length,
    };
  };
  return { tell, figures, refused, facts, terms, sink };
}

const row = (
  invoice: string,
  sku: string,
  price: string,
  { quantity = 1, at = '2011-05-03 11:00:00' } = {},
) => `${invoice},${sku},MUG,${quantity},${at},${price},14002,United Kingdom`;
const PART_1 = [row('910001', 'M1', '10.00'), row('910002', 'M1', '20.00'), row('910002', 'M2', '5.00')];
const PART_2 = [row('910002', 'M3', '100.00'), row('910003', 'M1', '7.00')];

test('an invoice in two files counts whole: in one command, in two, and in two again', async () => {
  for (const commands of [
    [[PART_1, PART_2]],
    [[PART_1], [PART_2]],
    [[PART_2], [PART_1]],
    [[PART_1], [PART_2], [PART_1], [PART_2], [PART_1, PART_2]],
  ]) {
    const shop = aShop();
    for (const files of commands) assert.ok(isWhole(await shop.tell(files)));
    assert.deepEqual([shop.figures().gross, shop.figures().orders], [142, 3]);
  }
});

test('what a replay says it sold is what was counted of it', async () => {
  const shop = aShop();
  await shop.tell([PART_1]);
  const second = await shop.tell([PART_2]);
  assert.equal(second.counted!.sums.grossSales, 107_000);
  assert.match(formatSummary(second, { shop: 'uk', currency: 'GBP' }), /gross sales counted +107\.000 GBP\n/);
  shop.refused.add('orders|uk|920001');
  const third = await shop.tell([[row('920001', 'M1', '9.00'), row('920002', 'M1', '1.00')]]);
  assert.equal(third.counted!.sums.grossSales, 1_000);
  assert.equal(isWhole(third), false);
  assert.match(
    formatSummary(third, { shop: 'uk', currency: 'GBP' }),
    /NOT COUNTED.*\n {2}order_placed 920001 is not counted/,
  );
});

test('a row that was rejected counts once it is mended, of whatever kind it is', async () => {
  const shop = aShop();
  const rows = (bad: boolean) => [
    row('930001', 'M1', '20.00'),
    row('930001', 'M2', bad ? 'free' : '122.00'),
    row('930001', 'M0', bad ? 'nothing' : '0'),
    row('930001', 'M4', '0'),
    row('C930002', 'M1', '3.00', { quantity: -1 }),
    row('C930002', 'M2', bad ? 'x' : '4.00', { quantity: -1 }),
    row('A930003', 'B', bad ? '?' : '-50.00'),
    row('A930003', 'B', '-8.00'),
  ];
  const first = await shop.tell([rows(true)]);
  assert.equal(first.survey.rejectedCount, 4);
  assert.deepEqual(shop.figures(), { gross: 20, returns: 3, adjustments: -8, orders: 1, moved: 1 });
  const mended = { gross: 142, returns: 7, adjustments: -58, orders: 1, moved: 2 };
  for (const _ of [1, 2]) {
    assert.ok(isWhole(await shop.tell([rows(false)])));
    assert.deepEqual(shop.figures(), mended);
  }
});

test('a row told otherwise than it was counted is named, and replaces it when that is asked for', async () => {
  const shop = aShop();
  await shop.tell([[row('940001', 'M1', '5.00'), row('940001', 'M2', '1.00')]]);
  const other = [[row('940001', 'M1', '7.00'), row('940001', 'M2', '1.00')]];
  const report = await shop.tell(other);
  assert.deepEqual([report.unclearRows, isWhole(report), shop.figures().gross], [2, false, 6]);
  assert.match(report.unclear[0]!, /invoice 940001 .* M1.*--replace/);
  for (const _ of [1, 2]) {
    assert.ok(isWhole(await shop.tell(other, { replace: true })));
    const { gross, returns, orders } = shop.figures();
    assert.deepEqual([gross - returns, orders], [8, 1]);
  }
});

test('nothing is replaced by files with rows that can’t be read', async () => {
  const shop = aShop();
  await shop.tell([[row('940001', 'M1', '5.00')]]);
  await assert.rejects(
    shop.tell([[row('940001', 'M1', 'five')]], { replace: true }),
    (error) => error instanceof SimulatorError && error.code === 'refused' && /line 2/.test(error.message),
  );
  assert.equal(shop.figures().gross, 5);
});

test('part of a shop’s past is sent again by days, and invoices are not cut', async () => {
  const shop = aShop();
  const rows = [
    '2011-04-30 23:59:00',
    '2011-05-01 00:00:00',
    '2011-05-31 23:59:00',
    '2011-06-01 00:00:00',
  ].map((at, i) => row(`95000${i}`, 'M1', '1.00', { at }));
  // The invoice of the last minute of May ends in June.
  rows.push(row('950002', 'M2', '10.00', { at: '2011-06-01 00:00:00' }));
  const report = await shop.tell([rows], { span: { from: '2011-05-01', to: '2011-06-01' } });
  assert.equal(shop.figures().gross, 12);
  assert.equal(report.survey.outsideCount, 2);
});

test('files that contradict each other about an invoice are named, and cost nothing else', async () => {
  const shop = aShop();
  const report = await shop.tell([
    [row('960001', 'M1', '5.00'), row('960002', 'M1', '1.00')],
    [row('960001', 'M1', '6.00')],
  ]);
  assert.equal(shop.figures().gross, 1);
  assert.deepEqual(
    report.survey.rejected.map(({ line }) => line),
    [2, 2],
  );
  assert.match(report.survey.rejected[0]!.reason, /960001 stands in several files.*M1/);
});

test('however a history is cut into files and commands, every row counts once', async () => {
  const piece = fc.record({
    invoice: fc.integer({ min: 1, max: 4 }),
    part: fc.integer({ min: 0, max: 3 }),
    pence: fc.integer({ min: 1, max: 9_999 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (pieces, together) => {
        // Each row is another product's, so that no row can be a correction of another.
        const rows = pieces.map(({ invoice, pence }, i) =>
          row(`97000${invoice}`, `S${i}`, (pence / 100).toFixed(2)),
        );
        const parts = [0, 1, 2, 3]
          .map((part) => rows.filter((_, i) => pieces[i]!.part === part))
          .filter((part) => part.length > 0);
        const shop = aShop();
        if (together) await shop.tell(parts);
        else for (const part of parts) await shop.tell([part]);
        await shop.tell([rows]);
        const { gross, orders } = shop.figures();
        assert.equal(
          Math.round(gross * 100),
          pieces.reduce((sum, { pence }) => sum + pence, 0),
        );
        assert.equal(orders, new Set(pieces.map(({ invoice }) => invoice)).size);
      },
    ),
    { numRuns: 25 },
  );
});

test('a shop that is counted in another money is not replayed into', async () => {
  const { tell, terms, sink } = aShop();
  for (const [counted, message] of [
    [{ currency: 'GBP', scale: 2, timeZone: 'Europe/London' }, /with the scale 2, .* with 3.*--shop/],
    [{ currency: 'EUR', scale: 3, timeZone: 'Europe/London' }, /with the currency EUR/],
    [{ currency: 'GBP', scale: 3, timeZone: 'Europe/Berlin' }, /with the timeZone Europe\/Berlin/],
  ] as const) {
    terms.counted = counted;
    await assert.rejects(tell([PART_1]), (error) => {
      assert.ok(error instanceof SimulatorError && error.code === 'refused');
      assert.match(error.message, message);
      return true;
    });
    assert.equal(sink.records.length, 0);
  }
  terms.counted = { currency: 'GBP', scale: 3, timeZone: 'Europe/London' };
  assert.ok(isWhole(await tell([PART_1])));
});
