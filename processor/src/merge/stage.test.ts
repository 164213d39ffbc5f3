import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createTelemetry } from '../operate/telemetry.ts';
import { idleMember, memoryKafka } from '../testing/memory-kafka.ts';
import { MERGED_AT_ONCE } from './merge-notices.ts';
import { createMergeStage } from './stage.ts';

/** A stage that owns one partition with so many notices waiting at all times; no time passes of itself. */
async function stageBehindBy(notices: number, t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let finalized = 0;
  const { kafka } = memoryKafka([[]]);
  const stage = createMergeStage({
    kafka: {
      ...kafka,
      knownBounds: async () => ({
        bounds: new Map([['metric-changes', [{ partition: 0, low: 0, high: notices }]]]),
        // Another's: it must not matter.
        unavailable: [{ topic: 'metric-changes', partition: 1, reason: 'it has no leader' }],
      }),
      consumer: idleMember,
    },
    group: 'test',
    merge: async () => [],
    mergeFurther: async () => [],
    expire: async () => undefined,
    finalize: async () => {
      finalized++;
    },
    checkCatalog: async () => undefined,
    progress: { note: async () => undefined, read: async () => new Map() },
    announceUnmerged: async () => assert.fail('no notice is lost'),
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry(),
    now: () => 0,
    onCrash: assert.fail,
  });
  await stage.start();
  return {
    stage,
    /** How often windows that have become final were looked for in a minute. */
    finalizedInAMinute: async () => {
      finalized = 0;
      for (let second = 0; second < 60; second++) {
        t.mock.timers.tick(1_000);
        await new Promise(setImmediate);
      }
      return finalized;
    },
  };
}

test('windows that have become final are looked for with every tick', async (t) => {
  const { stage, finalizedInAMinute } = await stageBehindBy(MERGED_AT_ONCE - 1, t);
  assert.equal(await finalizedInAMinute(), 30);
  await stage.stop();
});

test('also while notices wait all the time, though seldom', async (t) => {
  const { stage, finalizedInAMinute } = await stageBehindBy(MERGED_AT_ONCE, t);
  assert.equal(await finalizedInAMinute(), 2);
  assert.equal(stage.status().lag, MERGED_AT_ONCE);
  await stage.stop();
});
