import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunState } from '../parts/run-file.ts';
import { gameStack } from './stack.ts';

const stateWith = (settings: Record<string, string>): RunState => ({
  supervisor: { pid: 1, identity: '' },
  startedAt: '',
  settings,
  parts: [],
});

test('a game day finds what runs in what the stack has written down', () => {
  const stack = gameStack(
    stateWith({
      SIMULATOR_URL: 'http://127.0.0.1:1',
      PROMETHEUS_URL: 'http://127.0.0.1:2',
      ALERTMANAGER_URL: 'http://127.0.0.1:3',
      ALERT_TIME_SCALE: '30',
    }),
  );
  assert.deepEqual(stack, {
    simulator: 'http://127.0.0.1:1',
    prometheus: 'http://127.0.0.1:2',
    alertmanager: 'http://127.0.0.1:3',
    dashboards: undefined,
    scale: 30,
  });
});

test('where nothing runs, or something is missing, it says what, and how to start it', () => {
  const start = /npm start -- --with prometheus,alertmanager --time-scale 30/;
  const cases: readonly [RunState | undefined, RegExp][] = [
    [undefined, /Storepulse is not running here/],
    [stateWith({ SIMULATOR_URL: 'http://127.0.0.1:1' }), /runs without a Prometheus/],
    [stateWith({ PROMETHEUS_URL: 'http://127.0.0.1:2' }), /runs without a simulator/],
    [stateWith({}), /without a simulator.* and without a Prometheus/],
  ];
  for (const [state, message] of cases) {
    assert.throws(() => gameStack(state), { code: 'not_running', message });
    assert.throws(() => gameStack(state), { message: start });
  }
});
