import { join } from 'node:path';
import { createPrometheusClient, type PrometheusClient } from '@storepulse/local/gameday/prometheus-client';
import { type GameStack, gameStack } from '@storepulse/local/gameday/stack';
import { monitoringFolder, PROMETHEUS_DATA } from '@storepulse/local/monitoring/folders';
import type { TimeScale } from '@storepulse/local/monitoring/scale-rules';
import type { StackReport } from '@storepulse/local/parts/keep-up';
import { type ControlClient, createControlClient } from '@storepulse/simulator/cli/control-client';
import { startOwnStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

/** A stack of its own with real Prometheus and Alertmanager, on free ports. */
export interface GameStage {
  stack: GameStack;
  simulator: ControlClient;
  prometheus: PrometheusClient;
  /** Prometheus' storage. */
  storage: string;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

const WARM_UP_MS = 900_000;
/** History before the game, so that visits are under way. */
const HISTORY = '-15m';

/** Starts the stack. @param rate events per second @param signal aborted: the start is given up */
export async function startGameStage(
  { scale, rate }: { scale: TimeScale; rate: number },
  report: StackReport,
  signal: AbortSignal,
): Promise<GameStage> {
  const { running, folder, close } = await startOwnStack(
    {
      environment: { SIMULATOR_BACKFILL: '0h', SIMULATOR_RATE: String(rate) },
      without: ['collector', 'preview'],
      monitoring: { extras: ['prometheus', 'alertmanager'], scale },
    },
    report,
    signal,
  );
  const stack = gameStack(running.state);
  return {
    stack,
    simulator: createControlClient(stack.simulator, undefined),
    prometheus: createPrometheusClient(stack.prometheus),
    storage: join(monitoringFolder(folder, 'prometheus', scale), PROMETHEUS_DATA),
    close,
  };
}

/** Lets the shop sell until two hours on the time scale are like each other. @param hourMs an hour on the time scale */
export async function warmUp(
  { simulator, prometheus }: GameStage,
  rate: number,
  hourMs: number,
): Promise<void> {
  const profile = { profile: 'constant-arrival-rate', rate };
  await simulator.request('POST', '/v1/run', { from: HISTORY, profile });
  await until(
    'the history is counted, and two hours on the time scale are like each other',
    async () => {
      const answers = await Promise.all(
        [`offset ${hourMs}ms`, ''].map((offset) =>
          prometheus.query(`sum(shop:storepulse_orders:increase1h ${offset})`),
        ),
      );
      return answers.map(([sample]) => sample?.value ?? 0) as [number, number];
    },
    ([before, now]) => before > 100 && Math.abs(now / before - 1) < 0.15,
    WARM_UP_MS,
  );
}
