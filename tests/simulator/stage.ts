import type { FaultShares } from '@storepulse/simulator/faults/faults';
import type { RunSpec } from '@storepulse/simulator/run/run-spec';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

/** What `verify --json` says, and its exit status. */
export interface Verification {
  readonly status: number | null;
  readonly sound: boolean;
  readonly surfaces: Readonly<Record<string, { cells: number; different: number; undecided: number }>>;
  readonly differences: readonly {
    surface: string;
    shop: string;
    metric: string;
    dimension: string;
    value: string;
    resolution: string;
    window: string;
    expected: number | null;
    shown: number | null;
  }[];
  readonly fates: readonly { fate: string; expected: number; shown: number; matches: boolean }[] | null;
}

/** Processor, exporter and a simulator of two shops without any traffic of its own, on topics and a database of their own. */
export interface VerifyStage extends Pick<Pipeline, 'db' | 'kafka' | 'prefix'> {
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Makes a history of two shops in yesterday's opening hours, behind the one made before; returns its run. Orders rush
   * in: a few thousand events hold hundreds, and all that may become of them.
   */
  makeHistory(options: { seed: string; events: number; faults: FaultShares }): Promise<RunSpec>;
  /** Runs `verify --json`. @throws {Error} when it says anything else than a result */
  verify(): Promise<Verification>;
  /** Runs `verify`: its output and exit status. */
  verifyText(...args: string[]): Promise<{ output: string; status: number | null }>;
  /** Ends the simulator as `kill -9` does, and starts it again: a run of its own. */
  killSimulator(): Promise<void>;
  /** Asks the simulator. */
  control<T>(method: string, path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Of a day in UTC: at this hour both shops are busy, one in London, the other in Tokyo, whatever the hour of the test. */
const BUSY_AT_MS = 10 * 3_600_000;
/** Between two histories. */
const GAP_MS = 60_000;
/** Events per second of history. */
const RATE = 40;
/** Histories are made as fast as the machine can; this is for one that is busy. */
const PATIENCE_MS = 600_000;

/** Starts them on ports of their own. */
export async function startStage(): Promise<VerifyStage> {
  const servers = await useServers();
  const pipeline = servers.pipeline('verify');
  const traffic = { SIMULATOR_SHOPS: 'first:gb,second:jp', SIMULATOR_BACKFILL: '0', SIMULATOR_RATE: '0' };
  const processor = await pipeline.start('processor');
  const exporter = await pipeline.start('exporter');
  const simulator = await pipeline.start('simulator', traffic);
  const environment = {
    ...pipeline.settings,
    PROCESSOR_URL: processor.url,
    EXPORTER_URL: exporter.url,
    SIMULATOR_URL: simulator.url,
  };

  const control = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${environment.SIMULATOR_URL}${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  let next = (Math.floor(Date.now() / DAY_MS) - 1) * DAY_MS + BUSY_AT_MS;
  const verifyText = async (...args: string[]) => {
    const { status, stdout, stderr } = await runProgram(PROGRAMS.verify, args, environment);
    return { output: stdout + stderr, status };
  };
  return {
    ...{ environment, db: pipeline.db, kafka: pipeline.kafka, prefix: pipeline.prefix },
    makeHistory: async ({ seed, events, faults }) => {
      const origin = next;
      const end = origin + (events / RATE) * 1_000;
      next = end + GAP_MS;
      const again: RunSpec = {
        seed,
        shops: [
          { shop: 'first', market: 'gb' },
          { shop: 'second', market: 'jp' },
        ],
        origin,
        profile: { profile: 'constant-arrival-rate', rate: RATE },
        timeline: [
          { at: origin, command: { command: 'faults', faults } },
          { at: origin, command: { command: 'scenario-start', scenario: 'order-rush' } },
          { at: end, command: { command: 'stop' } },
        ],
      };
      await control('POST', '/v1/run', { again });
      await until(
        'the history is made',
        () => control<{ state: string; queued: number }>('GET', '/v1/status'),
        ({ state, queued }) => state === 'stopped' && queued === 0,
        PATIENCE_MS,
      );
      return again;
    },
    verify: async () => {
      const { output, status } = await verifyText('--json');
      if (!output.startsWith('{')) throw new Error(`verify ended with ${status}: ${output}`);
      return {
        status,
        ...(JSON.parse(output.slice(0, output.lastIndexOf('}') + 1)) as Omit<Verification, 'status'>),
      };
    },
    verifyText,
    killSimulator: async () => {
      await simulator.service.kill();
      await simulator.service.start();
    },
    control,
    stop: async () => {
      await servers[Symbol.asyncDispose]();
    },
  };
}
