import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { anEvent, anOrder, SHOP } from '@storepulse/processor/testing/events';
import { untilDrained } from '../support/pipeline/drained.ts';
import { type Fates, fatesOf } from '../support/pipeline/fates.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';
import { createSender } from '../support/pipeline/sender.ts';

/** The broker's own bound on a record, less what its key and framing take. */
const LARGEST_VALUE = 1_048_588 - 200;

/** Dead letters are found, shown and put back. */
export async function replaysDeadLetters(t: TestContext, pipeline: Pipeline): Promise<void> {
  await pipeline.start('processor');
  const send = await createSender(pipeline);
  const call = async (...args: string[]) => {
    const { status, stdout, stderr } = await runProgram(PROGRAMS.deadLetters, args, pipeline.settings);
    assert.equal(status, 0, stderr);
    await untilDrained(pipeline);
    return stdout;
  };
  const replay = (...args: string[]) => call('replay', ...args);
  const late = { shop: 'late-shop', customerId: 'c1' };
  const order = anOrder({ ...late, orderId: 'o1' });
  const view = anEvent('product_viewed', late);
  const ahead = anOrder({ ...late, orderId: 'o2', eventTime: Date.now() + 3_600_000 });

  await t.test('a shop that is told of too late leaves dead letters, with their reason', async () => {
    await send.events(order, view);
    await untilDrained(pipeline);
    const { total, reasons, letters } = JSON.parse(await call('list', '--json'));
    assert.deepEqual([total, reasons], [2, { 'unknown-shop': 2 }]);
    assert.deepEqual(
      letters.map(({ key }: { key: string }) => key),
      ['late-shop|v1', 'late-shop|v1'],
    );
  });

  await t.test('once the shop is known, a replay makes its events count', async () => {
    await send.events({ ...SHOP, shop: 'late-shop', eventId: 'shop-event-2' });
    await untilDrained(pipeline);
    assert.match(
      await replay('--reason', 'unknown-shop'),
      /^Replayed 2 records: product-views 1 · transactions 1$/m,
    );
    assert.deepEqual(await fatesOf(pipeline), { 'dead-letter:unknown-shop': 2, processed: 3 });
    assert.equal(await ordersShown(pipeline, 'late-shop'), 1);
  });

  await t.test('a second replay changes no figure: its records are duplicates', async () => {
    await replay('--reason', 'unknown-shop');
    const fates: Fates = { 'dead-letter:unknown-shop': 2, processed: 3, duplicate: 2 };
    assert.deepEqual(await fatesOf(pipeline), fates);
    assert.equal(await ordersShown(pipeline, 'late-shop'), 1);
  });

  await t.test('what is still bad becomes a new dead letter: an impossible time stays one', async () => {
    await send.events(ahead);
    await untilDrained(pipeline);
    await replay('--reason', 'impossible-time');
    const { letters } = JSON.parse(await call('list', '--json', '--reason', 'impossible-time'));
    assert.equal(letters.length, 2);
    assert.equal(letters[0].detail, letters[1].detail);
    assert.equal(letters[0].origin.time, letters[1].origin.time);
    assert.notEqual(letters[0].origin.offset, letters[1].origin.offset);
  });

  await t.test('the largest record that Kafka takes is a dead letter, and holds nothing up', async () => {
    await send.records('transactions', { key: 'nobody', value: Buffer.alloc(LARGEST_VALUE, 'x') });
    await untilDrained(pipeline);
    const { letters } = JSON.parse(await call('list', '--json', '--reason', 'too-large'));
    assert.equal(letters[0].bytes, LARGEST_VALUE);
  });
}

async function ordersShown({ metrics }: Pipeline, shop: string): Promise<number | undefined> {
  const found = await metrics.findOne({ shop, group: 'sales', part: 'narrow', resolution: 'all' });
  return found?.cells.total?.all?.orders as number | undefined;
}
