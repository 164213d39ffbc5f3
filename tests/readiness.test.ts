import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessorStatus } from '@storepulse/processor/operate/readiness';
import { machineClock } from './support/clock.ts';
import { startTestServers } from './support/servers.ts';
import { until } from './support/until.ts';

/** A server that hangs must show by then. */
const NOTICED_MS = 10_000;

test('a processor whose servers hang', async (t) => {
  await using servers = await startTestServers();
  const pipeline = servers.pipeline('readiness');
  const { url } = await pipeline.start('processor');
  const ask = async () => {
    const answer = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    const { ready, started, reasons } = (await answer.json()) as ProcessorStatus;
    assert.equal(answer.status, ready ? 200 : 503);
    return { ready, started, reasons };
  };
  const untilReady = () => until('it is ready', ask, ({ ready }) => ready);

  await t.test('is ready when it has caught up', async () => {
    assert.deepEqual(await untilReady(), { ready: true, started: true, reasons: [] });
  });
  for (const [name, pid] of [
    ['MongoDB', servers.mongo.pid!],
    ['Kafka', servers.kafka.pid!],
  ] as const) {
    await t.test(`is not ready within 10 s when ${name} hangs, and says so; then it is again`, async (t) => {
      const stopwatch = await machineClock.start();
      process.kill(pid, 'SIGSTOP');
      try {
        const { reasons } = await until('it is not ready', ask, ({ ready }) => !ready);
        const elapsed = stopwatch();
        t.diagnostic(`after ${(elapsed / 1_000).toFixed(1)} s: ${reasons[0]}`);
        assert.match(reasons.join('\n'), new RegExp(`${name} has not answered`));
        assert.ok(elapsed <= NOTICED_MS, `${elapsed} ms`);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await untilReady();
    });
  }
});
