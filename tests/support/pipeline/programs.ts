import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Pipeline } from './pipeline.ts';

const inCheckout = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Our programs that can be run as a process. */
export const PROGRAMS = {
  processor: inCheckout('processor/src/main.ts'),
  local: inCheckout('local/src/cli.ts'),
  rebuild: inCheckout('processor/src/rebuild-main.ts'),
  exporter: inCheckout('exporter/src/main.ts'),
  simulator: inCheckout('simulator/src/main.ts'),
  deadLetters: inCheckout('processor/src/dead-letters-main.ts'),
  replay: inCheckout('simulator/src/replay-main.ts'),
};

/** How a program ended, and what it said. */
export interface ProgramRun {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Replays a file into a shop of the pipeline, as `npm run replay` does, and returns when the program has ended. */
export function replay(
  pipeline: Pipeline,
  options: { file: string; shop: string; speed?: string },
): Promise<ProgramRun> {
  const args = ['--file', options.file, '--shop', options.shop, '--speed', options.speed ?? 'max'];
  return runProgram(PROGRAMS.replay, args, pipeline.settings, pipeline.onStop);
}

/**
 * Runs one of our programs with its output kept.
 * @param settings added to this process's environment
 * @param onStop told how to end it, should it still run when the test ends
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  onStop?: (end: () => Promise<unknown>) => void,
): Promise<ProgramRun> {
  // As everywhere: kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
  const quiet = '--disable-warning=TimeoutNegativeWarning';
  const child = spawn(process.execPath, [quiet, program, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStop?.(async () => child.kill('SIGKILL'));
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

async function text(stream: ChildProcess['stdout']): Promise<string> {
  let content = '';
  for await (const chunk of stream!) content += String(chunk);
  return content;
}
