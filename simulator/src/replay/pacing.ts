/** A clock that can be waited on; tests pass one that jumps. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves once `now()` has reached the time. */
  sleepUntil(time: number): Promise<void>;
}

/** How fast history is told: `max`, or so many times as fast as it happened. */
export type Speed = 'max' | number;

/** The wall-clock time at which an event of the past is due. */
export function dueTime(eventTime: number, firstTime: number, startedAt: number, speed: Speed): number {
  return speed === 'max' ? startedAt : startedAt + (eventTime - firstTime) / speed;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleepUntil: (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now()))),
};
