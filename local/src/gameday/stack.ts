import { LocalError } from '../errors.ts';
import { readTimeScale, type TimeScale } from '../monitoring/scale-rules.ts';
import type { RunState } from '../parts/run-file.ts';

/** What a game day needs of the running stack. */
export interface GameStack {
  simulator: string;
  prometheus: string;
  /** Undefined where none runs: then Prometheus alone says what fires. */
  alertmanager: string | undefined;
  dashboards: string | undefined;
  scale: TimeScale;
}

const HOW = 'SIMULATOR_RATE=500 npm start -- --with prometheus,alertmanager --time-scale 30';

/**
 * What of the running stack a game day needs.
 * @throws {LocalError} `not_running` naming what is missing and how to start it
 */
export function gameStack(state: RunState | undefined): GameStack {
  if (!state) throw new LocalError('not_running', `Storepulse is not running here. Start it with: ${HOW}`);
  const { SIMULATOR_URL, PROMETHEUS_URL, ALERTMANAGER_URL, PREVIEW_URL, ALERT_TIME_SCALE } = state.settings;
  const missing = [
    ...(SIMULATOR_URL ? [] : ['simulator, in which something could go wrong']),
    ...(PROMETHEUS_URL ? [] : ['Prometheus, which would notice']),
  ];
  if (!SIMULATOR_URL || !PROMETHEUS_URL) {
    throw new LocalError(
      'not_running',
      `The stack runs without a ${missing.join(' and without a ')}. Stop it (npm stop) and start it with: ${HOW}`,
    );
  }
  return {
    simulator: SIMULATOR_URL,
    prometheus: PROMETHEUS_URL,
    alertmanager: ALERTMANAGER_URL,
    dashboards: PREVIEW_URL,
    scale: readTimeScale(ALERT_TIME_SCALE ?? '1')!,
  };
}
