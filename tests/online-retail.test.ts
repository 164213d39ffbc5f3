// Takes over 60 s: half a million rows are told within half a minute, three times a killed processor is missed by its
// group after the six seconds of a session, and every figure is read from all surfaces.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DISTINCT_STANDARD_ERROR } from '@storepulse/contracts';
import { setUp } from './pipe/stage.ts';
import { machineClock } from './support/clock.ts';
import { askApi, RANGE } from './support/figures/api.ts';
import { openDashboard } from './support/figures/dashboard.ts';
import { type Figures, pick } from './support/figures/figures.ts';
import { consumedRecords, untilDrained } from './support/pipeline/drained.ts';
import { replay } from './support/pipeline/programs.ts';
import { firstResultAfter, RECOVERY_MS } from './support/pipeline/recovery.ts';
import { terminate } from './support/pipeline/terminate.ts';
import { useServers } from './support/servers.ts';
import { until } from './support/until.ts';

const SHOP = 'uk-retail';
const beside = join(import.meta.dirname, '../../shared/data/online-retail.csv.gz');
const file = process.env.STOREPULSE_DATASET ?? beside;
const skip = existsSync(file)
  ? false
  : 'the data set is not here: STOREPULSE_DATASET names the file online-retail.csv.gz of UCI Online Retail';

/** What others have published of the data set; money in thousandths of a pound. */
const LIFETIME: Partial<Figures> = {
  gross_sales: 10_666_684_544,
  discounts: 0,
  orders: 19_960,
  returns: 896_812_490,
  net_sales: 9_769_872_054,
  adjustments: -22_124_120,
  net_after_adjustments: 9_747_747_934,
};
/** In November 2011 there were no adjustments, so it is the net sales as well. */
const NET_2011_11 = 1_461_756_250;
const NOVEMBER_2011 = { from: Date.UTC(2011, 10, 1), to: Date.UTC(2011, 11, 1) };
/** Of the customers with an order: 65.6 % have more than one. */
const REPEATING = { numerator: [2_845], denominator: [4_338] };
/** Whose first order was in December 2010, and who of them ordered in the month after. */
const FIRST_COHORT = { month: '2010-12', customers: 885, inJanuary: 324 };
const COUNTRIES = 38;
const CUSTOMERS = 4_372;
/** Records on the topics: one shop, its customers and products, and the events of its invoices. */
const RECORDS = 34_756;
const KILLED_AT = [0.1, 0.4, 0.7];
/** Half a minute for the year: all kills come while it goes on. As fast as it can it would be over before the second. */
const SPEED = '1000000';
const PATIENCE_MS = 600_000;

test('the real data set, with the processor killed three times in mid-replay', { skip }, async (t) => {
  await using servers = await useServers();
  const { pipeline, processor, exporter, topic, sources } = await setUp(servers, 'online-retail');

  const began = Date.now();
  const replayed = replay(pipeline, { file, shop: SHOP, speed: SPEED });
  for (const share of KILLED_AT) {
    await until(
      `${share * 100} % of the records are counted`,
      () => consumedRecords(pipeline),
      (records) => records >= share * RECORDS,
      PATIENCE_MS,
    );
    await t.test(`killed at ${share * 100} %, it has a new result within 15 s of its restart`, async (t) => {
      await processor.service.kill();
      const elapsed = await firstResultAfter(pipeline, machineClock, () => processor.service.start());
      t.diagnostic(`first new result after ${(elapsed / 1_000).toFixed(1)} s`);
      assert.ok(elapsed <= RECOVERY_MS, `${elapsed} ms`);
    });
  }
  await t.test('every row of the file has a fate', async (t) => {
    const { status, stdout, stderr } = await replayed;
    assert.equal(status, 0, stderr);
    for (const [fate, rows] of [
      ['order lines', '530,104'],
      ['return lines', '9,288'],
      ['adjustments', '2'],
      ['stock movements', '2,515'],
      ['rejected', '0'],
    ]) {
      assert.match(stdout, new RegExp(`${fate} +${rows}\n`));
    }
    t.diagnostic(/[\d.]+ s, [\d,]+ rows\/s/.exec(stdout)?.[0] ?? stdout);
  });
  await untilDrained(pipeline, PATIENCE_MS);
  t.diagnostic(`through after ${((Date.now() - began) / 1_000).toFixed(0)} s`);
  assert.equal(await consumedRecords(pipeline), RECORDS);
  // Its going over windows that have become final would only take time from the reading below.
  await terminate(processor.service);
  await topic.untilLevel();

  for (const source of sources) {
    const lifetime = await source.lifetime(SHOP);
    await t.test(`${source.name} has the lifetime figures to the last digit`, () => {
      assert.deepEqual(pick(lifetime, LIFETIME), LIFETIME);
    });
    await t.test(`${source.name} has ${COUNTRIES} countries`, async () => {
      assert.equal(Object.keys(await source.byCountry(SHOP)).length, COUNTRIES);
    });
    await t.test(`${source.name} has the customers within the stated error`, () => {
      assertCustomers(lifetime.customers);
    });
    if (!source.byMonth) continue;
    await t.test(`${source.name} has November 2011 to the last digit`, async () => {
      const { '2011-11': november } = await source.byMonth!(SHOP);
      assert.equal(november?.net_after_adjustments, NET_2011_11);
    });
  }
  const dashboard = await openDashboard(pipeline, exporter.url);
  const panels = await dashboard.lifetime(SHOP);
  await t.test('the panels of the dashboard have the lifetime figures to the last digit', () => {
    assert.deepEqual(pick(panels, LIFETIME), pick(LIFETIME, panels));
  });
  await t.test('the panel of the customers has them within the stated error', () => {
    assertCustomers(panels.customers);
  });
  await t.test('the panel of the countries has November 2011 to the last digit', async () => {
    assert.equal(await dashboard.netSalesOfCountries(SHOP, NOVEMBER_2011), NET_2011_11);
  });
  await t.test('65.6 % of the customers have ordered again', async () => {
    const query = { refId: 'A', shop: SHOP, metric: 'repeat_purchase_rate', interval: 'all' } as const;
    const { A: frame } = await askApi(exporter.url, { range: RANGE, queries: [query] });
    assert.deepEqual(frame!.meta?.custom, REPEATING);
    assert.equal(Number(frame!.fields[1]!.values[0]).toFixed(3), '0.656');
  });
  await t.test(
    'the first cohort and its return in the next month are those of others’ analyses',
    async () => {
      const query = {
        refId: 'A',
        shop: SHOP,
        metric: 'ordering_customers',
        groupBy: 'cohort',
        interval: '1M',
      } as const;
      const { A: frame } = await askApi(exporter.url, { range: RANGE, queries: [query] });
      const cohort = frame!.fields.find(({ labels }) => labels?.cohort === FIRST_COHORT.month);
      assert.deepEqual(cohort?.values.slice(0, 2), [FIRST_COHORT.customers, FIRST_COHORT.inJanuary]);
    },
  );
  await t.test('the collection customers has every customer', async () => {
    assert.equal(await pipeline.db.collection('customers').countDocuments({ shop: SHOP }), CUSTOMERS);
  });
});

/** The count is an estimate once there are many. */
function assertCustomers(counted = 0): void {
  const error = Math.abs(counted - CUSTOMERS) / CUSTOMERS;
  assert.ok(error <= 3 * DISTINCT_STANDARD_ERROR, `${counted} customers`);
}
