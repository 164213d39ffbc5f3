import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Ends a measurement. @returns what has passed since its begin, in ms of its clock */
export type Stopwatch = () => number;

/** Judges how long something takes. */
export interface Clock {
  /** Begins a measurement. */
  start(): Promise<Stopwatch>;
}

/** The time on the wall: what users wait. For runs that have the machine to themselves. */
export const wallClock: Clock = {
  start: async () => {
    const began = performance.now();
    return () => performance.now() - began;
  },
};

/** What the worker's fixed piece of work takes on the reference machine when nothing else runs there. */
const REFERENCE_MS = 20;

/**
 * A clock that goes as slowly as the machine does, for tests that share it with others: a worker does a fixed piece
 * of work over and over beside what is measured, and the time on the wall is divided by how much longer than on the
 * reference machine (two cores, quiet) that work took. It never goes faster than the time on the wall.
 */
export const machineClock: Clock = {
  start: async () => {
    const worker = new Worker(new URL('./fixed-work.ts', import.meta.url));
    worker.unref();
    const pieces: number[] = [];
    worker.on('message', (ms: number) => pieces.push(ms));
    await once(worker, 'online');
    const began = performance.now();
    return () => {
      const elapsed = performance.now() - began;
      void worker.terminate();
      return elapsed / slowdown(pieces);
    };
  },
};

/** How many times as long as on the reference machine some pieces of the fixed work took; at least 1. */
export function slowdown(pieces: readonly number[]): number {
  const sum = pieces.reduce((total, ms) => total + ms, 0);
  return Math.max(1, sum / (pieces.length * REFERENCE_MS) || 1);
}
