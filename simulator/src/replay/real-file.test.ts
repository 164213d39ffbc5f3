import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { jumpingClock, memorySink } from '../testing.ts';
import { replay } from './replay.ts';

const beside = join(import.meta.dirname, '../../../../shared/data/online-retail.csv.gz');
const file = process.env.STOREPULSE_DATASET ?? beside;
const skip = existsSync(file)
  ? false
  : 'the data set is not here: STOREPULSE_DATASET names the file online-retail.csv.gz of UCI Online Retail';

test('the real data set comes out to the last penny', { skip }, async () => {
  const sink = memorySink();
  const report = await replay({
    files: [file],
    shop: 'uk',
    currency: 'GBP',
    speed: 'max',
    sink,
    clock: jumpingClock(0),
    onProgress: () => {},
  });
  assert.deepEqual(report.survey.fates, {
    order_line: 530_104,
    return_line: 9_288,
    adjustment: 2,
    stock_movement: 2_515,
  });
  assert.equal(report.survey.rejectedCount, 0);
  assert.equal(report.events.order_placed, 19_960);
  assert.equal(report.sent.grossSales, 10_666_684_544);
  assert.equal(report.sent.returns, 896_812_490);
  assert.equal(report.sent.adjustments, -22_124_120);
  assert.equal(report.survey.customers.size, 4_372);
  assert.equal(report.survey.products.size, 4_070);
});
