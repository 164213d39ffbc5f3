/** How fast history is told: `max`, or so many times as fast as it happened. */
export type Speed = 'max' | number;

/** The wall-clock time at which an event of the past is due. */
export function dueTime(eventTime: number, firstTime: number, startedAt: number, speed: Speed): number {
  return speed === 'max' ? startedAt : startedAt + (eventTime - firstTime) / speed;
}
