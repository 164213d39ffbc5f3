import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundledArguments } from '@storepulse/local/parts/bundle';
import { ROOT } from '@storepulse/local/paths';
import type { Pipeline } from './pipeline.ts';

/** Our programs that can be run as a process, from the root of the checkout. */
export const PROGRAMS = {
  processor: 'processor/src/main.ts',
  rebuild: 'processor/src/rebuild-main.ts',
  exporter: 'exporter/src/main.ts',
  simulator: 'simulator/src/main.ts',
  deadLetters: 'processor/src/dead-letters-main.ts',
  replay: 'simulator/src/replay-main.ts',
  verify: 'simulator/src/verify-main.ts',
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
 * Runs one of our programs as `npm start` and its like do, with its output kept.
 * @param settings added to this process's environment
 * @param onStop told how to end it, should it still run when the test ends
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  onStop?: (end: () => Promise<unknown>) => void,
): Promise<ProgramRun> {
  return runNode([...(await bundledArguments(ROOT, program)), ...args], settings, onStop);
}

/** Runs Node with these arguments, as `runProgram` otherwise. */
export async function runNode(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  onStop?: (end: () => Promise<unknown>) => void,
): Promise<ProgramRun> {
  const child = spawn(process.execPath, args, {
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
