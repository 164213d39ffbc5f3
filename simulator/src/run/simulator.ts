import type { Ledger } from '../ledger/ledger.ts';
import type { RunSpec } from './run-spec.ts';
import type { Runner } from './runner.ts';
import { type RunDependencies, type StartedRun, startRun } from './start-run.ts';

/** One run at a time, and the next one when it is asked for. */
export interface Simulator {
  /** Ends the run that goes on, if any, and begins another. */
  start(spec: RunSpec): Promise<void>;
  /** Ends the run that goes on, once everything that it has made is stored. */
  end(): Promise<void>;
  /** The run that goes on, or the last one. @throws {Error} before the first start */
  readonly runner: Runner;
  /** What that run's numbers must be. */
  readonly ledger: Ledger;
  /** All that decides the events of that run, with what was done to it so far. */
  readonly spec: RunSpec;
}

/** Makes a simulator that does nothing yet. */
export function createSimulator(dependencies: RunDependencies): Simulator {
  let current: (StartedRun & { spec: RunSpec; done: Promise<void> }) | undefined;
  let starting: Promise<void> = Promise.resolve();

  const known = () => {
    if (!current) throw new Error('no run has begun');
    return current;
  };
  const end = async () => {
    if (!current) return;
    current.runner.command({ command: 'stop' });
    await current.done;
  };
  const begin = async (spec: RunSpec) => {
    await end();
    const started = await startRun(spec, dependencies);
    current = { ...started, spec, done: started.runner.run() };
  };
  return {
    start: (spec) => {
      // One after the other, whatever became of the one before.
      starting = starting.catch(() => {}).then(() => begin(spec));
      return starting;
    },
    end: async () => {
      await starting.catch(() => {});
      await end();
    },
    get runner() {
      return known().runner;
    },
    get ledger() {
      return known().ledger;
    },
    get spec() {
      const { spec, runner } = known();
      return { ...spec, timeline: [...runner.timeline] };
    },
  };
}
