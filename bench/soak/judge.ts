import type { Sample } from './sample.ts';
import { slopeOf } from './slope.ts';

/** The first third is left out: caches fill, and the horizons of duplicates and late events have not passed once. */
const LEFT_OUT = 1 / 3;
/** Blocks whose means the slope goes through. */
const BLOCKS = 10;
const HOUR_S = 3_600;
/**
 * A process may gain so much an hour: at 500 events a second it is 5.6 bytes for each event, less than any object of JavaScript
 * takes. What rises surely by more keeps something of each event, or of each visit.
 */
export const MOST_MB_PER_HOUR = 10;

/** How the memory of each process, its heap and the disk went, MB an hour with the half of the 95 % interval. */
export function judge(samples: readonly Sample[]) {
  const used = samples.filter(({ at }) => at >= samples.at(-1)!.at * LEFT_OUT);
  const line = (what: string, of: (sample: Sample) => number | undefined) => {
    const points = used.flatMap((sample) => {
      const value = of(sample);
      return value === undefined ? [] : [[sample.at / HOUR_S, value] as const];
    });
    const { slope, margin, mean } = slopeOf(points, BLOCKS);
    return {
      what,
      'mean MB': Math.round(mean),
      'MB an hour': Math.round(slope),
      '±': Math.round(margin),
      rises: slope - margin > MOST_MB_PER_HOUR,
    };
  };
  const names = Object.keys(used[0]!.processes);
  const memory = names.flatMap((name) => {
    const heap =
      used[0]!.processes[name]!.heapMb === undefined
        ? []
        : [line(`${name}, heap`, (s) => s.processes[name]?.heapMb)];
    return [line(`${name}, resident`, (s) => s.processes[name]?.residentMb), ...heap];
  });
  const disk = Object.keys(used[0]!.topics).map((name) => line(`topic ${name}`, (s) => s.topics[name]));
  const overdue = Math.max(...samples.flatMap((sample) => Object.values(sample.overdue)));
  return { memory, disk, overdue };
}
