import type { RunSpec } from '@storepulse/simulator/run/run-spec';
import type { Simulator } from '@storepulse/simulator/run/simulator';
import { type StartedRun, startRun } from '@storepulse/simulator/run/start-run';

const SPEC: RunSpec = {
  seed: 'attacked',
  shops: [{ shop: 'uk-retail', market: 'gb' }],
  origin: Date.UTC(2026, 0, 1),
  profile: { profile: 'constant-arrival-rate', rate: 1 },
  timeline: [],
};

/** A simulator that takes every command and makes no event: its clock stands still. What is begun anew is as large as the first run. */
export async function stillSimulator(): Promise<Simulator> {
  const dependencies = {
    sink: { send: async () => {} },
    clock: { now: () => 0, sleepUntil: async () => {} },
    onEmission: () => {},
  };
  let run: StartedRun = await startRun(SPEC, dependencies);
  return {
    start: async () => {
      run = await startRun(SPEC, dependencies);
    },
    end: async () => {},
    get runner() {
      return run.runner;
    },
    get ledger() {
      return run.ledger;
    },
    get spec() {
      return { ...SPEC, timeline: [...run.runner.timeline] };
    },
  };
}
