import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { createAlignment } from './alignment.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 0, 9, 12);

/** Topics that are counted in step, with a clock that stands still. */
function reading({ mock }: TestContext) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
  const alignment = createAlignment(Date.now, Date.now);
  const counted: number[] = [];
  /** @param left how many records of it are known to wait */
  const topic = (left: number) => {
    const place = alignment.join(() => left > 0);
    const count = async (...minutesAgo: readonly number[]) => {
      const times = minutesAgo.map((minutes) => NOON - minutes * MINUTE);
      for (let from = 0; from < times.length; ) {
        const until = await place.turn(times[from]!);
        let to = from + 1;
        while (to < times.length && times[to]! <= until) to++;
        await turnOfLoop();
        left -= to - from;
        counted.push(...minutesAgo.slice(from, to));
        from = to;
      }
      place.rest();
    };
    return { count, leave: place.leave };
  };
  const pass = async (ms: number) => {
    mock.timers.tick(ms);
    await turnOfLoop();
    await turnOfLoop();
  };
  return { topic, counted, pass };
}

test('of history, a topic with few records does not run ahead of one with many', async (t) => {
  const { topic, counted } = reading(t);
  const [orders, views] = [topic(4), topic(9)];
  await Promise.all([
    orders.count(1_000, 900, 800, 700),
    views.count(990, 980, 970, 890).then(() => views.count(880, 850, 790, 780, 720)),
  ]);
  assert.equal(counted.length, 13);
  for (const [index, minutesAgo] of counted.entries()) {
    const ahead = minutesAgo - Math.min(...counted.slice(0, index + 1));
    assert.ok(ahead <= 15, `${ahead} minutes ahead of ${minutesAgo}: ${counted}`);
  }
});

test('a topic that hands nothing over is waited for two seconds, once', async (t) => {
  const { topic, counted, pass } = reading(t);
  const [views, orders] = [topic(1_000), topic(4)];
  await views.count(999);
  const first = orders.count(1_000, 900);
  await pass(1_750);
  assert.deepEqual(counted, [999, 1_000]);
  await pass(250);
  await first;
  await orders.count(800, 700);
  assert.deepEqual(counted, [999, 1_000, 900, 800, 700]);
});

test('what is of this minute waits for nobody', async (t) => {
  const { topic, counted } = reading(t);
  await topic(1_000).count(999);
  await topic(1).count(0.5);
  assert.deepEqual(counted, [999, 0.5]);
});

test('a topic that has been read to its end, or is read no more, is not waited for', async (t) => {
  const { topic, counted, pass } = reading(t);
  const lost = topic(1_000);
  await topic(1).count(1_001);
  await lost.count(999);
  const counting = topic(2).count(1_000, 600);
  await pass(0);
  assert.deepEqual(counted, [1_001, 999, 1_000]);
  lost.leave();
  await counting;
  assert.deepEqual(counted, [1_001, 999, 1_000, 600]);
});

test('a topic that is read no more waits for nobody itself', async (t) => {
  const { topic, counted } = reading(t);
  await topic(1_000).count(999);
  const lost = topic(2);
  const counting = lost.count(1_000, 600);
  lost.leave();
  await counting;
  assert.deepEqual(counted, [999, 1_000, 600]);
});
