/** Measures how many things happened per second of late. */
export interface RateMeter {
  /** Counts things that happened at `time` (epoch ms, never going back). */
  add(time: number, count: number): void;
  /** Things per second over the last whole seconds before `time`. */
  rate(time: number): number;
}

const SECONDS = 10;

/** A meter over the last ten whole seconds; over fewer in the first seconds after `startedAt`. */
export function createRateMeter(startedAt: number): RateMeter {
  const counts = new Float64Array(SECONDS + 1);
  const firstSecond = Math.floor(startedAt / 1000);
  let last = firstSecond;

  const advance = (time: number): number => {
    const second = Math.max(last, Math.floor(time / 1000));
    for (let passed = Math.min(second - last, counts.length); passed > 0; passed--) {
      counts[(second - passed + 1) % counts.length] = 0;
    }
    last = second;
    return second;
  };
  return {
    add: (time, count) => {
      const slot = advance(time) % counts.length;
      counts[slot] = counts[slot]! + count;
    },
    rate: (time) => {
      const second = advance(time);
      const whole = Math.min(SECONDS, second - firstSecond);
      if (whole === 0) return 0;
      const current = counts[second % counts.length]!;
      return (counts.reduce((sum, value) => sum + value, 0) - current) / whole;
    },
  };
}
