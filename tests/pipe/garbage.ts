import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { INPUT_TOPICS, TOPICS } from '@storepulse/contracts';
import { scrape } from '../support/figures/prometheus.ts';
import { assertUnchanged, snapshot } from '../support/figures/snapshot.ts';
import { readDeadLetters } from '../support/pipeline/dead-letters.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../support/pipeline/fates.ts';
import { expectedOf } from '../support/retail/expected.ts';
import { isoFile } from '../support/retail/files.ts';
import { retailRows } from '../support/retail/rows.ts';
import { until } from '../support/until.ts';
import { SHOPS, type Stage } from './stage.ts';

/** What no part of the pipe can read: neither JSON nor UTF-8. */
const GARBAGE = Buffer.concat([Buffer.from('{"this is": no JSON '), Buffer.of(0xff, 0xfe)]);

/** Garbage on every topic of the product is told of, and disturbs nothing else. */
export async function outlivesGarbage(t: TestContext, stage: Stage): Promise<void> {
  const { pipeline, processor, topic, sources, tell } = stage;
  const before = await snapshot(pipeline, sources, SHOPS);
  const letters = await readDeadLetters(pipeline);
  const offsets = new Map<string, string>();

  const producer = pipeline.kafka.producer();
  pipeline.onStop(() => producer.disconnect());
  await producer.connect();
  for (const name of TOPICS) {
    const [sent] = await producer.send({
      topic: `${pipeline.prefix}${name}`,
      messages: [{ key: 'nobody', value: GARBAGE, partition: 1, headers: { trace: 'abc' } }],
    });
    offsets.set(name, sent!.baseOffset!);
  }
  await untilDrained(pipeline);

  for (const name of INPUT_TOPICS) {
    await t.test(`garbage on ${name} is a dead letter that tells where it was`, async () => {
      const letter = await until(
        `a dead letter from ${name}`,
        () => letters.find(({ origin }) => origin.topic === name),
        (found) => found !== undefined,
      );
      const origin = { topic: name, partition: '1', offset: offsets.get(name), reason: 'not-json' };
      assert.deepEqual(letter!.origin, origin);
      assert.deepEqual(letter!.value, GARBAGE);
      assert.equal(letter!.key, 'nobody');
      assert.equal(letter!.headers.trace, 'abc');
    });
  }
  await t.test('garbage on metric-changes is counted and passed over', async () => {
    const samples = await scrape(processor.url);
    const counter = samples.find(({ name }) => name === 'storepulse_processor_bad_notices_total');
    assert.equal(counter?.value, '1');
  });
  await t.test('garbage on metrics and on dead-letter is left to their readers', async () => {
    await until(
      'it is read',
      () => topic.unreadable + letters.filter(({ origin }) => !origin.topic).length,
      (n) => n === 2,
    );
  });
  await t.test('garbage on any topic disturbs no figure', async () => {
    assertUnchanged(await snapshot(pipeline, sources, SHOPS), before);
  });
  await t.test('the processor goes on: the next file comes through', async () => {
    const rows = retailRows(40);
    const run = await tell('next', isoFile(rows));
    assert.equal(run.status, 0, run.stderr);
    for (const source of sources) assert.deepEqual(await source.lifetime('next'), expectedOf(rows).lifetime);
  });
  await t.test('every record that was consumed has one fate', async () => {
    assert.equal((await fatesOf(pipeline))['dead-letter:not-json'], INPUT_TOPICS.length);
    for await (const { _id, fates, offsets } of pipeline.checkpoints.find()) {
      assert.equal(
        countOf(fates),
        Object.values(offsets).reduce((sum, offset) => sum + offset, 0),
        _id,
      );
    }
  });
}
