import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../bootstrap/identity.mjs';
import type { RecordedProcess } from '../processes/pid-file.ts';

/** What a part is doing. */
export type PartState = 'starting' | 'up' | 'restarting' | 'failed' | 'external';

/** One line of `npm run status`. */
export interface RunningPartState {
  name: string;
  /** Where it is reached: a URL, or `host:port`. Never with a login in it. */
  address: string;
  state: PartState;
  /** Unset while it does not run, and for a server that was given by address. */
  pid?: number;
  /** How often it was started again after it had died. */
  restarts: number;
}

/** Seconds that each phase of the start took; phases overlap, so they do not add up to `total`. */
export interface PhaseSeconds {
  install: number;
  fetch: number;
  build: number;
  servers: number;
  parts: number;
  total: number;
}

/** What runs, written by the process that runs it: `run.json` in the data folder. */
export interface RunState {
  supervisor: RecordedProcess;
  startedAt: string;
  /** Environment variables with which another program reaches the stack; secrets are not among them. */
  settings: Record<string, string>;
  parts: RunningPartState[];
  /** Set once everything is up. */
  seconds?: PhaseSeconds;
}

const fileIn = (dataFolder: string) => join(dataFolder, 'run.json');

/** Writes what runs, whole or not at all. */
export function writeRunState(dataFolder: string, state: RunState): void {
  mkdirSync(dataFolder, { recursive: true });
  const file = fileIn(dataFolder);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** What runs now; undefined when nothing does. */
export function readRunState(dataFolder: string): RunState | undefined {
  try {
    const state = JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as RunState;
    return isRunning(state.supervisor) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing runs any more. */
export function removeRunState(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}
