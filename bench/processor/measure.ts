import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from './child.ts';
import { startMeasured } from './measured-processes.ts';

/** Processes that did one piece of work together. */
export interface Measured {
  readonly events: number;
  readonly processes: number;
  /** Of all processes. */
  readonly cpuSeconds: number;
  /** From the start of the processes to the end of the work. */
  readonly wallSeconds: number;
  /** Of the largest. */
  readonly maxRssMb: number;
}

/** How often the end of the work is asked for. */
const POLL_MS = 100;
/** Work that takes longer has failed. */
const LIMIT_MS = 300_000;

/**
 * Starts as many processes of a program as asked for, and measures them from their start until `isDone`.
 * @param program its module, which serves measurements
 * @param argument what it reads, as JSON, from its first argument
 * @param isDone whether the work is done, by what the processes say of themselves
 */
export async function measure(options: {
  program: URL;
  argument: unknown;
  processes: number;
  events: number;
  isDone(said: readonly Measurement[]): Promise<boolean>;
  /** More arguments for Node, such as `--cpu-prof`. */
  execArgv?: readonly string[];
}): Promise<Measured> {
  const { program, argument, processes, events, isDone, execArgv = [] } = options;
  const began = performance.now();
  const children = Array.from({ length: processes }, () => startMeasured(program, argument, execArgv));
  try {
    for (;;) {
      await sleep(POLL_MS);
      const said = await Promise.all(children.map((child) => child.ask()));
      if (await isDone(said)) {
        const wallSeconds = (performance.now() - began) / 1_000;
        const cpuSeconds = said.reduce((sum, one) => sum + one.cpuSeconds, 0);
        const maxRssMb = Math.max(...said.map((one) => one.maxRssMb));
        return { events, processes, cpuSeconds, wallSeconds, maxRssMb };
      }
      if (performance.now() - began > LIMIT_MS) throw new Error(`${program.pathname}: not done in time`);
    }
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}
