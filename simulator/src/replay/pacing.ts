/** How fast history is told: `max`, or so many times as fast as it happened. */
export type Speed = 'max' | number;

/** The wall-clock time at which an event of the past is due. */
export function dueTime(eventTime: number, firstTime: number, startedAt: number, speed: Speed): number {
  return speed === 'max' ? startedAt : startedAt + (eventTime - firstTime) / speed;
}

/** When the file's facts are said to have happened, and by what names. */
export interface Telling {
  /** The event time (epoch ms) of something that happened at `time` in the file. */
  time(time: number): number;
  /** The business key of something that the file calls `key`. */
  key(key: string): string;
}

/** As it is in the file: told again, it is the same. */
export const asHistory: Telling = { time: (time) => time, key: (key) => key };

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
