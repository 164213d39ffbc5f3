import { setTimeout as sleep } from 'node:timers/promises';
import { checkHealth, type Lag } from '../parts/health.ts';
import type { RunState } from '../parts/run-file.ts';
import { createTrafficMeter } from '../parts/traffic.ts';
import type { Terminal } from './terminal.ts';

const INTERVAL_MS = 1000;

/** Keeps the live line of `npm start` true until `signal` is aborted. */
export async function showStatusLine(
  state: Readonly<RunState>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const processor = state.parts.find(({ name }) => name === 'processor')!;
  const eventsPerSecond = createTrafficMeter(processor.address);
  while (!signal.aborted) {
    const [rate, { parts, lag }] = await Promise.all([eventsPerSecond(), checkHealth(state)]);
    const down = parts.filter(({ ready }) => !ready).map(({ name }) => name);
    if (!signal.aborted) terminal.live(statusLine(rate, lag, down));
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** e.g. `12 events/s · lag 0 records (0.0 s)`. */
export function statusLine(rate: number | undefined, lag: Lag | null, down: readonly string[]): string {
  return [
    `  ${rate === undefined ? '–' : Math.round(rate).toLocaleString('en')} events/s`,
    lagText(lag),
    ...(down.length > 0 ? [`not ready: ${down.join(', ')}`] : []),
  ].join(' · ');
}

/** e.g. `lag 12 records (0.3 s)`. */
export function lagText(lag: Lag | null): string {
  if (!lag) return 'lag unknown';
  const age = lag.seconds === undefined ? '' : ` (${lag.seconds.toFixed(1)} s)`;
  return `lag ${lag.records.toLocaleString('en')} records${age}`;
}
