import { randomBytes } from 'node:crypto';
import { parseDuration } from '../duration.ts';
import { parseShops, type SimulatorSettings } from '../settings.ts';
import type { RunSpec } from './run-spec.ts';

/**
 * The run that a service begins with: some modest history when there is none yet, then the rate that is set. Without
 * a seed in the settings a new one is drawn, so that every start makes events of its own.
 */
export function openingRun(settings: SimulatorSettings, now: number, firstStart: boolean): RunSpec {
  const { seed = randomBytes(8).toString('hex'), rate, backfillRate } = settings;
  const backfillMs = firstStart ? parseDuration(settings.backfill) : 0;
  return {
    seed,
    shops: parseShops(settings.shops),
    origin: now - backfillMs,
    profile: { profile: 'constant-arrival-rate', rate: backfillMs > 0 ? backfillRate : rate },
    timeline: backfillMs > 0 ? [{ at: now, command: { command: 'rate', rate } }] : [],
  };
}
