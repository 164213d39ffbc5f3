import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SimulatorError } from '../errors.ts';
import type { ControlClient } from './control-client.ts';
import { formatStatus } from './format-status.ts';
import { createProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'sim-'));
after(() => rmSync(folder, { recursive: true }));

const STATUS = {
  state: 'running' as const,
  profile: { profile: 'constant-arrival-rate', rate: 50 },
  requestedRate: 50,
  achievedRate: 49.9,
  sent: 12_345,
  queued: 0,
  shed: 0,
  waiting: 7,
  madeUntil: Date.UTC(2026, 0, 5),
  faults: { late: 0.05 },
  scenarios: ['flash-sale' as const],
  seed: 'one',
  shops: ['first'],
};

/** Runs a command line; the answer holds what was asked of the simulator and what was written. */
async function sim(...args: string[]) {
  return watching(1, ...args);
}

/** Likewise; the watching is interrupted before the look after `looks`. */
async function watching(looks: number, ...args: string[]) {
  const requests: unknown[][] = [];
  const written: string[] = [];
  const client: ControlClient = {
    request: async <T>(method: string, path: string, body?: object) => {
      requests.push(body ? [method, path, body] : [method, path]);
      return STATUS as T;
    },
  };
  const sleep = async () => {
    if (requests.length === looks) throw new Error('interrupted');
  };
  const program = createProgram({
    client,
    write: (text) => written.push(text),
    clear: () => written.push('(cleared)'),
    sleep,
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  }
  await program.parseAsync(args, { from: 'user' }).catch((error: Error) => {
    if (error.message !== 'interrupted') throw error;
  });
  return { requests, text: written.join('\n') };
}

test('rate, pause, resume and stop are sent', async () => {
  assert.deepEqual((await sim('rate', '500')).requests, [['PUT', '/v1/rate', { rate: 500 }]]);
  for (const action of ['pause', 'resume', 'stop']) {
    assert.deepEqual((await sim(action)).requests, [['POST', `/v1/${action}`]]);
  }
});

test('profiles take the options that they need', async () => {
  const spike = await sim('profile', 'spike', '--rate', '5', '--peak', '90', '--ramp', '10s', '--hold', '1m');
  assert.deepEqual(spike.requests[0]![2], { profile: 'spike', rate: 5, peak: 90, ramp: '10s', hold: '1m' });
  const ramping = await sim(
    'profile',
    'ramping-arrival-rate',
    '--rate',
    '1',
    '--stage',
    '5m:20',
    '--stage',
    '1m:0',
  );
  assert.deepEqual(ramping.requests[0]![2], {
    profile: 'ramping-arrival-rate',
    startRate: 1,
    stages: [
      { duration: '5m', target: 20 },
      { duration: '1m', target: 0 },
    ],
  });
  const sessions = await sim('profile', 'diurnal', '--rate', '3', '--sessions');
  assert.deepEqual(sessions.requests[0]![2], { profile: 'diurnal', rate: 3, unit: 'sessions' });
});

test('scenarios begin for a while, and end', async () => {
  assert.deepEqual((await sim('scenario', 'stock-out', '--for', '10m')).requests, [
    ['POST', '/v1/scenarios/stock-out', { for: '10m' }],
  ]);
  assert.deepEqual((await sim('scenario', 'stock-out', '--end')).requests, [
    ['DELETE', '/v1/scenarios/stock-out'],
  ]);
});

test('faults are set by their names, and ended by naming none', async () => {
  assert.deepEqual((await sim('faults', '--late', '0.05', '--out-of-order', '0.1')).requests[0]![2], {
    late: 0.05,
    out_of_order: 0.1,
  });
  assert.deepEqual((await sim('faults')).requests[0]![2], {});
});

test('a run can begin in the past', async () => {
  const { requests } = await sim(
    'run',
    '--from',
    '-30d',
    '--rate',
    '2',
    '--profile',
    'diurnal',
    '--seed',
    'x',
  );
  assert.deepEqual(requests, [
    ['POST', '/v1/run', { from: '-30d', seed: 'x', profile: { profile: 'diurnal', rate: 2 } }],
  ]);
});

test('a timeline is saved, and run again from its file', async () => {
  const file = join(folder, 'timeline.json');
  await sim('timeline', '--save', file);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), STATUS);
  assert.deepEqual((await sim('again', file)).requests, [['POST', '/v1/run', { again: STATUS }]]);
});

test('a file that holds no JSON is named', async () => {
  const file = join(folder, 'garbage.json');
  writeFileSync(file, 'garbage');
  await assert.rejects(
    sim('again', file),
    (error) => error instanceof SimulatorError && error.message.includes(file),
  );
});

test('the status is a table for people, or JSON for programs', async () => {
  const { text } = await sim('status');
  assert.match(text, /requested {2}50\.0 events\/s/);
  assert.match(text, /stored {5}12,345 events/);
  assert.match(text, /faults {5}late 5 %/);
  assert.deepEqual(JSON.parse((await sim('--json', 'status')).text), STATUS);
});

test('a status that is watched is shown again and again, each in the place of the last', async () => {
  const { requests, text } = await watching(3, 'status', '--watch');
  assert.equal(requests.length, 3);
  assert.equal(text.match(/^\(cleared\)\nstate +running$/gm)?.length, 3);
});

test('what can’t be meant is refused before anything is sent', async () => {
  for (const args of [
    ['rate', '-5'],
    ['rate', 'fast'],
    ['profile', 'sawtooth'],
    ['scenario', 'earthquake'],
    ['scenario', 'stock-out', '--for', 'ever'],
    ['run', '--from', '30d'],
    ['faults', '--late', '5'],
    ['faults', '--gremlins', '1'],
  ]) {
    await assert.rejects(sim(...args), /error/, args.join(' '));
  }
});

test('few visits are told by the hour, many by the second', () => {
  const told = (perSecond: number) =>
    formatStatus({
      ...STATUS,
      profile: { profile: 'diurnal', rate: perSecond, unit: 'sessions' },
      requestedRate: perSecond,
    });
  assert.match(told(16 / 3_600), /requested {2}16\.0 visits\/h/);
  assert.match(told(20), /requested {2}20\.0 visits\/s/);
});
