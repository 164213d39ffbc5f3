import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Shop } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import { untilDrained } from '../support/pipeline/drained.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';

/** A shop that is told with another currency is counted as before, and its amounts are never added up. */
export async function keepsTheTermsOfShops(t: TestContext, pipeline: Pipeline): Promise<void> {
  const processor = await pipeline.start('processor');
  const send = await createSender(pipeline);
  const other = { ...SHOP, eventId: 'shop-event-2', currency: 'DKK', name: 'In kroner' };
  const orderIn = (currency: string, orderId: string) => anOrder({ orderId, currency });
  const grossSales = async () => {
    const all = { shop: SHOP.shop, group: 'sales', part: 'narrow', resolution: 'all' } as const;
    return (await pipeline.metrics.findOne(all))?.cells.total?.all?.gross_sales;
  };

  await send.events(SHOP, orderIn('GBP', 'o1'));
  await untilDrained(pipeline);
  await send.records('shops', { key: 'other-shop', value: JSON.stringify(other) });
  await send.events(other);
  await untilDrained(pipeline);
  await send.events(orderIn('DKK', 'o2'), orderIn('GBP', 'o3'));
  await untilDrained(pipeline);

  await t.test('pounds alone are added up, and every record that did not fit is told of', async () => {
    assert.equal(await grossSales(), 6_000);
    assert.deepEqual(await fatesOf(pipeline), {
      processed: 3,
      'dead-letter:wrong-key': 1,
      'dead-letter:shop-changed': 1,
      'dead-letter:wrong-currency': 1,
    });
  });

  await t.test('the state of the shop is the one that was accepted', async () => {
    const state = await pipeline.db.collection<Shop & { _id: string }>('shops').findOne({ _id: SHOP.shop });
    assert.deepEqual([state?.currency, state?.name], [SHOP.currency, SHOP.name]);
  });

  await t.test('a processor that is started anew counts in pounds as well', async () => {
    await processor.stop();
    await pipeline.start('processor');
    await send.events(orderIn('DKK', 'o4'), orderIn('GBP', 'o5'));
    await untilDrained(pipeline);
    assert.equal(await grossSales(), 9_000);
  });
}
