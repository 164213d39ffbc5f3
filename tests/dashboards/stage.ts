import { PRODUCTION } from '@storepulse/local/monitoring/scale-rules';
import type { StackReport } from '@storepulse/local/parts/keep-up';
import type { RunningStack } from '@storepulse/local/parts/run-stack';
import type { ProcessorStatus } from '@storepulse/processor/operate/readiness';
import type { Status } from '@storepulse/simulator/http/schemas';
import { startOwnStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

/** A stack of its own, with history and a real Prometheus. */
export interface DashboardStage {
  /** Where the preview is. */
  preview: string;
  /** Waits until the history has been made and counted. */
  untilCounted(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

const COUNTED_MS = 900_000;
/** The history is made when the run has come so near to now. */
const NEAR_MS = 120_000;

/** Starts the stack as `npm start -- --with prometheus` does. @param history such as `30d` @param signal aborted: the start is given up */
export async function startDashboardStage(
  history: string,
  report: StackReport,
  signal: AbortSignal,
): Promise<DashboardStage> {
  const { running, close } = await startOwnStack(
    {
      environment: { SIMULATOR_BACKFILL: history },
      without: [],
      monitoring: { extras: ['prometheus'], scale: PRODUCTION },
    },
    report,
    signal,
  );
  return {
    preview: addressOf(running, 'preview'),
    untilCounted: () => untilCounted(addressOf(running, 'simulator'), addressOf(running, 'processor')),
    close,
  };
}

async function untilCounted(simulator: string, processor: string): Promise<void> {
  const ask = async <T>(url: string) => (await (await fetch(url)).json()) as T;
  await until(
    'the history is made and counted',
    async () => ({
      run: await ask<Status>(`${simulator}/v1/status`),
      counting: await ask<ProcessorStatus>(`${processor}/-/ready`),
    }),
    ({ run: { madeUntil, queued }, counting: { ready, lag, merge } }) =>
      (madeUntil ?? 0) > Date.now() - NEAR_MS && queued === 0 && ready && lag.records + merge.lag === 0,
    COUNTED_MS,
  );
}

const addressOf = ({ state }: RunningStack, name: string) =>
  state.parts.find((part) => part.name === name)!.address;
