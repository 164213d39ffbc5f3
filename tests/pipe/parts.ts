import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Stage } from './stage.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const file = (...rows: readonly string[]) => Buffer.from([HEADER, ...rows].join('\n'));
const row = (invoice: string, sku: string, price: string, quantity = 1) =>
  `${invoice},${sku},MUG,${quantity},2011-05-03 11:00:00,${price},14002,United Kingdom`;
const PART_1 = [row('910001', 'M1', '10.00'), row('910002', 'M1', '20.00'), row('910002', 'M2', '5.00')];
const PART_2 = [row('910002', 'M3', '100.00'), row('910003', 'M1', '7.00')];

/** What of an invoice comes later, in another file or as a row that was mended, counts with the rest of it. */
export async function countsPartsTogether(t: TestContext, { sources, tell }: Stage): Promise<void> {
  const figures = async (shop: string) =>
    Promise.all(
      sources.map(async ({ lifetime }) => {
        const { gross_sales, returns, orders } = await lifetime(shop);
        return { gross_sales, returns, orders };
      }),
    );
  const everywhere = (gross_sales: number, returns: number, orders: number) =>
    sources.map(() => ({ gross_sales, returns, orders }));

  await t.test(
    'an invoice in two files counts whole, and each replay says what was counted of it',
    async () => {
      const first = await tell('parts', file(...PART_1));
      assert.match(first.stdout, /gross sales counted +35\.000 GBP\n/);
      const second = await tell('parts', file(...PART_2));
      assert.equal(second.status, 0, second.stderr);
      assert.match(second.stdout, /gross sales counted +107\.000 GBP\n/);
      const again = await tell('parts', file(...PART_1, ...PART_2));
      assert.equal(again.status, 0, again.stderr);
      assert.deepEqual(await figures('parts'), everywhere(142_000, 0, 3));
    },
  );
  await t.test('rows that were rejected count once they are mended', async () => {
    const rows = (bad: boolean) => [
      row('920001', 'M1', '42.00'),
      row('920001', 'M2', bad ? 'free' : '100.00'),
      row('C920002', 'M1', '3.00', -1),
      row('C920002', 'M2', bad ? 'free' : '4.00', -1),
      row('920003', 'M5', bad ? 'free' : '0'),
      row('920003', 'M6', '0'),
    ];
    assert.equal((await tell('mended', file(...rows(true)))).status, 2);
    assert.deepEqual(await figures('mended'), everywhere(42_000, 3_000, 1));
    for (const _ of [1, 2]) assert.equal((await tell('mended', file(...rows(false)))).status, 0);
    assert.deepEqual(await figures('mended'), everywhere(142_000, 7_000, 1));
  });
}
