import type { PhaseSeconds } from './run-file.ts';

/** Measures where the time of a start goes. */
export interface PhaseClock {
  /** Runs `work` as part of a phase; a phase takes as long as its longest work. */
  measure<T>(
    phase: 'fetch' | 'build' | 'servers' | 'parts',
    work: () => Promise<T>,
  ): Promise<{ result: T; seconds: number }>;
  /** What all phases took until now. */
  seconds(): PhaseSeconds;
}

/** Starts the clock. @param install seconds that went into installing before it was started */
export function createPhaseClock(install: number): PhaseClock {
  const began = performance.now();
  const phases = { fetch: 0, build: 0, servers: 0, parts: 0 };
  return {
    async measure(phase, work) {
      const start = performance.now();
      const result = await work();
      const seconds = (performance.now() - start) / 1000;
      phases[phase] = Math.max(phases[phase], seconds);
      return { result, seconds };
    },
    seconds: () => ({ install, ...phases, total: install + (performance.now() - began) / 1000 }),
  };
}
