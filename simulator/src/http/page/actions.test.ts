import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlClient } from '../../cli/control-client.ts';
import { createProgram } from '../../cli/program.ts';
import { FAULT_NAMES } from '../../faults/faults.ts';
import { type LoadProfile, PROFILE_NAMES } from '../../load/profile.ts';
import type { Command } from '../../run/commands.ts';
import { SCENARIO_NAMES } from '../../scenarios/scenarios.ts';
import {
  type Action,
  beginScenario,
  endScenario,
  lineOf,
  setFaults,
  setProfile,
  setRate,
  steerRun,
} from './actions.js';

/** What the command line asks of the simulator when it is given a line of the page. */
async function requestOf(line: string): Promise<unknown[]> {
  const words = line.split(' ');
  assert.deepEqual(words.splice(0, 4), ['npm', 'run', 'sim', '--']);
  const requests: unknown[][] = [];
  const client: ControlClient = {
    request: async <T>(method: string, path: string, body?: object) => {
      requests.push([method, path, body]);
      return undefined as T;
    },
  };
  const program = createProgram({ client, write: () => {}, clear: () => {}, sleep: async () => {} });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  }
  // The answer, which is none, can't be shown: what counts is what was asked.
  await program.parseAsync(words, { from: 'user' }).catch((error: Error) => {
    assert.ok(error instanceof TypeError, error.message);
  });
  assert.equal(requests.length, 1, line);
  return requests[0]!;
}

const PROFILES: Record<(typeof PROFILE_NAMES)[number], LoadProfile> = {
  'constant-arrival-rate': { profile: 'constant-arrival-rate', rate: 50 },
  'ramping-arrival-rate': {
    profile: 'ramping-arrival-rate',
    startRate: 0,
    stages: [
      { duration: '5m', target: 200 },
      { duration: '90s', target: 0.5 },
    ],
  },
  poisson: { profile: 'poisson', rate: 0.25, unit: 'sessions' },
  diurnal: { profile: 'diurnal', rate: 20 },
  spike: { profile: 'spike', rate: 5, peak: 90, ramp: '10s', hold: '1m', unit: 'sessions' },
};

const ACTIONS: readonly Action[] = [
  setRate(500),
  setRate(0),
  setRate(0.125),
  ...PROFILE_NAMES.map((name) => setProfile(PROFILES[name])),
  steerRun('pause'),
  steerRun('resume'),
  ...SCENARIO_NAMES.flatMap((name) => [
    beginScenario(name, ''),
    beginScenario(name, '10m'),
    endScenario(name),
  ]),
  setFaults({}),
  ...FAULT_NAMES.map((name) => setFaults({ [name]: 0.015 })),
  setFaults({ late: 0.05, out_of_order: 0.1 }),
];

for (const { method, path, body, line } of ACTIONS) {
  test(`the page sends what the command sends: ${line}`, async () => {
    assert.deepEqual(await requestOf(line), [method, path, body]);
  });
}

test('a recorded command is shown as the command line that does it', () => {
  const recorded: [Command, string | undefined][] = [
    [{ command: 'rate', rate: 7 }, 'npm run sim -- rate 7'],
    [
      { command: 'profile', profile: PROFILES.spike },
      'npm run sim -- profile spike --rate 5 --peak 90 --ramp 10s --hold 1m --sessions',
    ],
    [{ command: 'pause' }, 'npm run sim -- pause'],
    [{ command: 'resume' }, 'npm run sim -- resume'],
    [{ command: 'stop' }, 'npm run sim -- stop'],
    [{ command: 'faults', faults: { clock_skew: 0.1 } }, 'npm run sim -- faults --clock-skew 0.1'],
    [{ command: 'scenario-start', scenario: 'flash-sale' }, 'npm run sim -- scenario flash-sale'],
    [{ command: 'scenario-end', scenario: 'flash-sale' }, 'npm run sim -- scenario flash-sale --end'],
    [{ command: 'shed', count: 3 }, undefined],
  ];
  for (const [command, line] of recorded) assert.equal(lineOf(command), line);
});
