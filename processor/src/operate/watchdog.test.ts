import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchdog, PATIENCE_MS } from './watchdog.ts';

/** A watchdog and the clock that it goes by. */
function aWatchdog() {
  let time = 0;
  const watchdog = createWatchdog('facts/0', ['MongoDB'], () => time);
  return {
    watchdog,
    later: (ms: number) => {
      time += ms;
    },
  };
}

test('a server that has been silent for too long is named', () => {
  const { watchdog, later } = aWatchdog();
  later(PATIENCE_MS);
  assert.deepEqual(watchdog.complaints(), []);
  later(1_000);
  assert.deepEqual(watchdog.complaints(), ['facts/0: MongoDB has not answered for 9 s']);
  watchdog.answered('MongoDB');
  assert.deepEqual(watchdog.complaints(), []);
});

test('work that lies and does not move is named, until it moves', () => {
  const { watchdog, later } = aWatchdog();
  watchdog.waits(true);
  later(PATIENCE_MS + 2_000);
  watchdog.answered('MongoDB');
  watchdog.waits(true);
  assert.deepEqual(watchdog.complaints(), ['facts/0: nothing has moved for 10 s although there is lag']);
  watchdog.moved();
  assert.deepEqual(watchdog.complaints(), []);
});

test('without work nothing needs to move, and new work has its time', () => {
  const { watchdog, later } = aWatchdog();
  later(60_000);
  watchdog.answered('MongoDB');
  assert.deepEqual(watchdog.complaints(), []);
  watchdog.waits(true);
  assert.deepEqual(watchdog.complaints(), []);
});
