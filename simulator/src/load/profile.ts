import { type Static, Type } from 'typebox';
import { DURATION_PATTERN, parseDuration } from '../duration.ts';
import type { DayShape } from './day-shape.ts';
import { constantRate, type RateCurve, type RatePiece } from './rate-pieces.ts';

/** The most arrivals per second that may be asked for: beyond what one process can make, so a typing error. */
export const MAX_RATE = 200_000;

const Rate = (description: string) => Type.Number({ minimum: 0, maximum: MAX_RATE, description });
const Duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description}, such as 90s, 10m or 2h` });
const unit = Type.Optional(
  Type.Unsafe<'events' | 'sessions'>({
    type: 'string',
    enum: ['events', 'sessions'],
    description: 'what arrives at the rate: single events (default), or visits with all that they lead to',
  }),
);
const closed = { additionalProperties: false };

const profiles = Type.Union([
  Type.Object(
    { profile: Type.Literal('constant-arrival-rate'), rate: Rate('arrivals per second'), unit },
    { ...closed, title: 'constant-arrival-rate', description: 'evenly spaced arrivals' },
  ),
  Type.Object(
    {
      profile: Type.Literal('ramping-arrival-rate'),
      startRate: Rate('arrivals per second at the start'),
      stages: Type.Array(
        Type.Object(
          { target: Rate('arrivals per second at its end'), duration: Duration('how long it takes') },
          closed,
        ),
        { minItems: 1, maxItems: 100 },
      ),
      unit,
    },
    {
      ...closed,
      title: 'ramping-arrival-rate',
      description: 'straight ramps one after the other; the last target stays',
    },
  ),
  Type.Object(
    { profile: Type.Literal('poisson'), rate: Rate('mean arrivals per second'), unit },
    { ...closed, title: 'poisson', description: 'independent arrivals with exponential gaps' },
  ),
  Type.Object(
    { profile: Type.Literal('diurnal'), rate: Rate('mean arrivals per second over a week'), unit },
    {
      ...closed,
      title: 'diurnal',
      description: 'the hours and weekdays of the shops’ markets, in their time zones',
    },
  ),
  Type.Object(
    {
      profile: Type.Literal('spike'),
      rate: Rate('arrivals per second before and after'),
      peak: Rate('arrivals per second at the peak'),
      ramp: Duration('how long the way up takes, and the way down'),
      hold: Duration('how long the peak lasts'),
      unit,
    },
    { ...closed, title: 'spike', description: 'up to a peak at once, and back' },
  ),
]);
/** How many arrivals there are when. */
export type LoadProfile = Static<typeof profiles>;

/** How many arrivals there are when: an open model, in which arrivals never wait for answers. */
export const LoadProfile = Type.Unsafe<LoadProfile>({
  type: 'object',
  description: 'a load profile',
  required: ['profile'],
  // So that a mistake is reported against the profile that is named, not against all of them.
  discriminator: { propertyName: 'profile' },
  oneOf: profiles.anyOf,
});

/** The names of the profiles. */
export const PROFILE_NAMES = [
  'constant-arrival-rate',
  'ramping-arrival-rate',
  'poisson',
  'diurnal',
  'spike',
] as const satisfies readonly LoadProfile['profile'][];

/** The rate over time that a profile asks for. */
export function rateCurve(profile: LoadProfile, shape: DayShape): RateCurve {
  switch (profile.profile) {
    case 'constant-arrival-rate':
    case 'poisson':
      return constantRate(profile.rate);
    case 'ramping-arrival-rate':
      return () => ramps(profile.startRate, profile.stages).values();
    case 'diurnal':
      return (start) => diurnal(profile.rate, shape, start);
    case 'spike': {
      const { rate, peak, ramp, hold } = profile;
      const stages = [
        { target: peak, duration: ramp },
        { target: peak, duration: hold },
        { target: rate, duration: ramp },
      ];
      return () => ramps(rate, stages).values();
    }
  }
}

/**
 * The same profile around another rate, in events per second. Constant becomes what has no one rate (a ramp, a spike),
 * and what counted visits.
 */
export function withRate(profile: LoadProfile, rate: number): LoadProfile {
  const keepsShape = profile.profile === 'poisson' || profile.profile === 'diurnal';
  if (keepsShape && profile.unit !== 'sessions') return { ...profile, rate };
  return { profile: 'constant-arrival-rate', rate };
}

function ramps(startRate: number, stages: readonly { target: number; duration: string }[]): RatePiece[] {
  let rate = startRate;
  const pieces = stages.map(({ target, duration }) => {
    const piece = { durationMs: parseDuration(duration), from: rate, to: target };
    rate = target;
    return piece;
  });
  // A stage without length is a jump: the next one begins at its target.
  const lasting = pieces.filter(({ durationMs }) => durationMs > 0);
  return [...lasting, { durationMs: Number.POSITIVE_INFINITY, from: rate, to: rate }];
}

const HALF_HOUR = 1_800_000;

function* diurnal(rate: number, shape: DayShape, start: number): Generator<RatePiece> {
  for (let time = start; ; ) {
    const end = (Math.floor(time / HALF_HOUR) + 1) * HALF_HOUR;
    yield { durationMs: end - time, from: rate * shape.factor(time), to: rate * shape.factor(end) };
    time = end;
  }
}
