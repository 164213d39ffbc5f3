import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { DEAD_LETTER_HEADERS } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import kafkajs from 'kafkajs';
import { scrape } from '../support/figures/prometheus.ts';
import { readDeadLetters } from '../support/pipeline/dead-letters.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

const LARGE = 200_000;
const SMALL = 12_000;

/** Dead letters that the topic does not take whole hold nothing up. */
export async function passesLargeLetters(t: TestContext, pipeline: Pipeline): Promise<void> {
  const processor = await pipeline.start('processor');
  const admin = await pipeline.admin();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: `${pipeline.prefix}dead-letter`,
        configEntries: [{ name: 'max.message.bytes', value: '50000' }],
      },
    ],
  });
  const letters = await readDeadLetters(pipeline);
  const send = await createSender(pipeline);
  const bad = (bytes: number) => ({ key: 'demo|v1', value: 'x'.repeat(bytes) });

  await t.test('counting goes on behind them', async () => {
    await send.events(SHOP);
    // Together the small ones are more than the topic takes in one batch.
    await send.records('transactions', bad(LARGE), ...Array.from({ length: 8 }, () => bad(SMALL)));
    await send.events(anOrder());
    await untilDrained(pipeline);
    assert.deepEqual(await fatesOf(pipeline), { processed: 2, 'dead-letter:not-json': 9 });
  });
  await t.test('of the large one the beginning is kept, of the small ones everything', async () => {
    const offsets = () => new Set(letters.map(({ origin }) => origin.offset));
    await until('all letters are there', offsets, ({ size }) => size === 9);
    const cut = letters.find(({ headers }) => DEAD_LETTER_HEADERS.cutFrom in headers);
    assert.equal(String(cut?.headers[DEAD_LETTER_HEADERS.cutFrom]), String(LARGE));
    assert.equal(cut?.value?.length, 10_000);
    const whole = letters.filter((letter) => letter !== cut);
    assert.ok(whole.every(({ value }) => value?.length === SMALL));
  });
  await t.test('the cut one is counted', async () => {
    const found = (await scrape(processor.url)).filter(
      ({ name, value }) => name === 'storepulse_processor_dead_letters_cut_total' && value !== '0',
    );
    assert.deepEqual(
      found.map(({ labels, value }) => [labels.kept, value]),
      [['beginning', '1']],
    );
  });
}
