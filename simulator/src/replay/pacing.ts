import type { Telling } from '@storepulse/contracts/sales/telling';

/** How fast history is told: `max`, or so many times as fast as it happened. */
export type Speed = 'max' | number;

/** The wall-clock time at which an event of the past is due. */
export function dueTime(eventTime: number, firstTime: number, startedAt: number, speed: Speed): number {
  return speed === 'max' ? startedAt : startedAt + (eventTime - firstTime) / speed;
}

/**
 * As if it happened now, from `startedAt` on and so many times as fast as then: new facts, with keys of their own.
 * @param firstTime the file's earliest time
 */
export function asPresent(firstTime: number, startedAt: number, speed: number): Telling {
  const name = Math.floor(startedAt).toString(36);
  return {
    time: (time) => Math.floor(dueTime(time, firstTime, startedAt, speed)),
    key: (key) => `${key}-${name}`,
  };
}
