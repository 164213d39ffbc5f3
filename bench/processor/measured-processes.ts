import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Measurement, Request } from './child.ts';

/** A running process that serves measurements. */
export interface MeasuredProcess {
  /** What it says of itself now. @throws when it has ended by itself */
  ask(): Promise<Measurement>;
  /** Lets it finish and waits for its end. */
  end(): Promise<void>;
}

/**
 * Starts a process of a program that serves measurements.
 * @param argument what it reads, as JSON, from its first argument
 * @param execArgv more arguments for Node, such as `--cpu-prof`
 */
export function startMeasured(
  program: URL,
  argument: unknown,
  execArgv: readonly string[] = [],
): MeasuredProcess {
  const child = fork(program, [JSON.stringify(argument)], {
    // kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
    execArgv: ['--disable-warning=TimeoutNegativeWarning', ...execArgv],
  });
  const exit = once(child, 'exit');
  return {
    ask: async () => {
      const answer = once(child, 'message');
      child.send('measure' satisfies Request);
      const ended = exit.then(([status]) => {
        throw new Error(`a measured process ended by itself, status ${status}`);
      });
      const [measurement] = (await Promise.race([answer, ended])) as [Measurement];
      return measurement;
    },
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.send('stop' satisfies Request);
      await exit;
    },
  };
}
