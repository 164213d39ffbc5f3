import { randomBytes } from 'node:crypto';
import { parseDuration } from '../duration.ts';
import type { LoadProfile } from '../load/profile.ts';
import { parseShops, type SimulatorSettings } from '../settings.ts';
import type { RunSpec } from './run-spec.ts';

const HOUR_MS = 3_600_000;
const HISTORY_MS = 30 * 24 * HOUR_MS;
/** A processor counts so many events within about a minute of a start on two cores: docs/adr/0027. */
const HISTORY_EVENTS = 60_000;
/** The events that a visit leads to, the shop's own records included: counted over a month of a British shop. */
const EVENTS_PER_VISIT = 5.1;

/**
 * The run that a service begins with. On the first start it begins in the past; up to the present and from there on it
 * is the same run at the same rate, so that no chart shows where history ends. Without a seed in the settings a new one
 * is drawn, so that every start makes events of its own.
 */
export function openingRun(settings: SimulatorSettings, now: number, firstStart: boolean): RunSpec {
  const { seed = randomBytes(8).toString('hex') } = settings;
  return {
    seed,
    shops: parseShops(settings.shops),
    origin: now - (firstStart ? historyMs(settings) : 0),
    profile: openingProfile(settings),
    timeline: [],
  };
}

function openingProfile({ rate, visitsPerHour }: SimulatorSettings): LoadProfile {
  return rate === undefined
    ? { profile: 'diurnal', rate: visitsPerHour / 3_600, unit: 'sessions' }
    : { profile: 'constant-arrival-rate', rate };
}

/** What was asked for; else a month, or as much of it as a newcomer would wait for. */
function historyMs({ backfill, rate, visitsPerHour }: SimulatorSettings): number {
  if (backfill !== undefined) return parseDuration(backfill);
  const eventsPerHour = rate === undefined ? visitsPerHour * EVENTS_PER_VISIT : rate * 3_600;
  return Math.floor(Math.min(HISTORY_MS, (HISTORY_EVENTS / eventsPerHour) * HOUR_MS));
}
