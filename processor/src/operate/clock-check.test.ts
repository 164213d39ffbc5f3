import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { startClockCheck } from './clock-check.ts';

const HOUR = 3_600_000;

/** A check between two clocks that the test sets. */
function aCheck(serverTime: () => Promise<number>) {
  const clock = { now: 10 * HOUR };
  const told: number[] = [];
  const warnings: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void warnings.push(JSON.parse(line)) });
  const check = startClockCheck({
    serverTime,
    now: () => clock.now,
    noteAhead: (ms) => told.push(ms),
    logger,
  });
  return { clock, told, warnings, check };
}

test('a clock that is ahead is told of once, until it is right again', async () => {
  const { clock, told, warnings, check } = aCheck(async () => 10 * HOUR);
  clock.now += HOUR / 2;
  await check.look();
  await check.look();
  clock.now -= HOUR / 2;
  await check.look();
  clock.now -= HOUR;
  await check.look();
  assert.deepEqual(told.slice(-4), [HOUR / 2, HOUR / 2, 0, -HOUR]);
  assert.deepEqual(
    warnings.map(({ code, aheadMs }) => [code, aheadMs]),
    [
      ['CLOCK_OFF', HOUR / 2],
      ['CLOCK_OFF', -HOUR],
    ],
  );
  await check[Symbol.asyncDispose]();
});

test('a server that does not answer, or takes its time, tells nothing', async () => {
  const { clock, told, check } = aCheck(async () => {
    clock.now += 2_000;
    return 0;
  });
  await check.look();
  const silent = aCheck(() => Promise.reject(new Error('no primary')));
  await silent.check.look();
  assert.deepEqual([told, silent.told], [[], []]);
  await Promise.all([check[Symbol.asyncDispose](), silent.check[Symbol.asyncDispose]()]);
});
