import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAsMeant, type Outcome, play } from './game.ts';
import type { ActiveAlert } from './prometheus-client.ts';
import { restAfter, verdict } from './run-game-day.ts';

const EXPECTED = { alert: 'PaymentsFailing', follows: ['OrdersDropped'] };

const firing = (...names: string[]): ActiveAlert[] =>
  names.map((name) => ({
    name,
    state: 'firing',
    shop: 'a',
    severity: 'page',
    summary: '',
    runbook: '',
    dashboard: '',
  }));

/**
 * Plays on a clock of its own, where a look takes no time.
 * @param firesAt what fires at a second of the game, where the scenario ended at `endedAt`
 */
async function playWith(
  firesAt: (second: number, endedAt: number | undefined) => string[],
  told: (names: string[]) => string[] | undefined = () => undefined,
) {
  let now = 0;
  let endedAt: number | undefined;
  const steps: string[] = [];
  const seen = () => firesAt(now / 1000, endedAt);
  const outcome = await play('payment-outage', EXPECTED, {
    begin: async (name) => void steps.push(`begin ${name}`),
    end: async (name) => {
      endedAt = now / 1000;
      steps.push(`end ${name}`);
    },
    alerts: async () => firing(...seen()),
    told: async () => told(seen()),
    onFired: ({ name }, seconds) => steps.push(`${name} after ${seconds} s`),
    onOther: (name) => steps.push(`other ${name}`),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    patienceMs: 60_000,
  });
  return { outcome, steps };
}

test('an alert that fires, and ends after its scenario, is as meant', async () => {
  const { outcome, steps } = await playWith((second, endedAt) =>
    second >= 7 && (endedAt === undefined || second < endedAt + 5) ? ['PaymentsFailing'] : [],
  );
  assert.deepEqual(steps, ['begin payment-outage', 'PaymentsFailing after 7 s', 'end payment-outage']);
  assert.deepEqual([outcome.firedAfter, outcome.resolvedAfter, outcome.others], [7, 5, []]);
  assert.equal(isAsMeant(outcome), true);
  assert.equal(verdict(outcome), '✓ fired after 7 s, quiet 5 s after the end');
});

test('an alert that does not fire in time is not as meant, and the scenario is ended', async () => {
  const { outcome, steps } = await playWith(() => []);
  assert.deepEqual(steps, ['begin payment-outage', 'end payment-outage']);
  assert.equal(outcome.firedAfter, undefined);
  assert.equal(isAsMeant(outcome), false);
  assert.match(verdict(outcome), /^✗ PaymentsFailing did not fire/);
});

test('another alert that fires is told once, and is not as meant', async () => {
  const { outcome, steps } = await playWith((second, endedAt) =>
    endedAt !== undefined && second > endedAt + 3 ? [] : second < 2 ? [] : ['PaymentsFailing', 'DeadLetters'],
  );
  assert.equal(steps.filter((step) => step === 'other DeadLetters').length, 1);
  assert.deepEqual(outcome.others, ['DeadLetters']);
  assert.equal(isAsMeant(outcome), false);
});

test('what follows from the alert counts as another one where Alertmanager tells of it, and else does not', async () => {
  const both = (second: number, endedAt: number | undefined) =>
    endedAt !== undefined && second > endedAt ? [] : second < 2 ? [] : ['PaymentsFailing', 'OrdersDropped'];
  const heldBack = await playWith(both, (names) => names.filter((name) => name !== 'OrdersDropped'));
  assert.deepEqual(heldBack.outcome.others, []);
  const told = await playWith(both, (names) => names);
  assert.deepEqual(told.outcome.others, ['OrdersDropped']);
  const alone = await playWith(both);
  assert.deepEqual(alone.outcome.others, []);
});

test('what still fires at the end of patience is not as meant', async () => {
  const { outcome } = await playWith((second) => (second < 2 ? [] : ['PaymentsFailing']));
  assert.equal(outcome.firedAfter, 2);
  assert.equal(outcome.resolvedAfter, undefined);
  assert.equal(isAsMeant(outcome), false);
  assert.match(verdict(outcome), /something still fires/);
});

test('a scenario is ended also when a look fails', async () => {
  const ended: string[] = [];
  const parts = {
    begin: async () => undefined,
    end: async (name: string) => void ended.push(name),
    alerts: async () => {
      throw new Error('Prometheus does not answer');
    },
    told: async () => undefined,
    onFired: () => undefined,
    onOther: () => undefined,
    now: () => 0,
    sleep: async () => undefined,
    patienceMs: 1,
  };
  await assert.rejects(play('stock-out', EXPECTED, parts), /Prometheus does not answer/);
  assert.deepEqual(ended, ['stock-out']);
});

test('every fault of an outcome is named', () => {
  const outcome: Outcome = {
    scenario: 'stock-out',
    alert: 'ProductsSoldOut',
    firedAfter: undefined,
    resolvedAfter: undefined,
    others: ['OrdersDropped'],
  };
  assert.match(verdict(outcome), /did not fire.*fired too: OrdersDropped; something still fires/);
});

test('the next scenario waits until an hour on the time scale has passed since the end of the one before', () => {
  assert.equal(restAfter(10, 30), 110_000);
  assert.equal(restAfter(135, 30), 0);
  assert.equal(restAfter(600, 1), 3_000_000);
});
