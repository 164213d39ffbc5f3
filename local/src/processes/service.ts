import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '../errors.ts';
import type { Guard } from './guard.ts';
import { lastLines } from './last-lines.ts';
import { endOrphan, recordProcess } from './pid-file.ts';

/** A command to run as a process. */
export interface Launch {
  command: string;
  args: string[];
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
}

/** What to run as one process, and how to tell that it is ready. */
export interface ServiceSpec {
  /** Short and unique; names the log and the pid file. */
  name: string;
  /** Prepares one start and says what to run. */
  launch(): Promise<Launch>;
  /** Asked until it answers true; false or an error means "not yet". */
  isReady(): Promise<boolean>;
  /** How long the start may take, in ms. */
  startTimeoutMs: number;
  /** How long it may take to end by itself before it is killed, in ms. */
  stopGraceMs: number;
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One process that can be started and ended again and again. */
export interface Service {
  readonly name: string;
  readonly logFile: string;
  /** The process id while it runs, also while it is not ready yet. */
  readonly pid: number | undefined;
  /** Starts it and returns when it is ready. @throws {LocalError} `start_failed` with the last lines of its log */
  start(): Promise<void>;
  /** Ends it in good order; killed when it does not end in time. */
  stop(graceMs?: number): Promise<void>;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  /** `stop` and `start`. */
  restart(): Promise<void>;
  /** Calls `listener` whenever the process was ready and ends without `stop` or `kill` having been called. */
  onUnexpectedExit(listener: (exit: Exit) => void): void;
}

const POLL_MS = 50;
const LOG_LIMIT_BYTES = 10_000_000;

/**
 * Makes a service of `spec`; nothing is started yet.
 * @param folder holds `logs/<name>.log` and `pids/<name>.json`; an orphan recorded there is ended at the start
 */
export function createService(
  spec: ServiceSpec,
  { folder, guard }: { folder: string; guard: Guard },
): Service {
  const logFile = join(folder, 'logs', `${spec.name}.log`);
  const pidFile = join(folder, 'pids', `${spec.name}.json`);
  const listeners: ((exit: Exit) => void)[] = [];
  let running: { child: ChildProcess; exited: Promise<Exit>; serving: boolean } | undefined;
  // False from a stop on, so that a start which is still being prepared does not spawn after it.
  let isWanted = false;

  function run({ command, args, env }: Launch): void {
    const log = openLog(logFile);
    // Detached: Ctrl-C must reach the one who stops the parts in order, not the parts.
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const exited = new Promise<Exit>((resolve) => {
      child.once('error', (error) =>
        resolve({ code: (error as { errno?: number }).errno ?? 1, signal: null }),
      );
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const { pid } = child;
    if (pid === undefined) {
      throw new LocalError(
        'start_failed',
        `${spec.name}: "${command}" can't be run. Is it there, and may it be executed?`,
      );
    }
    guard.watch(pid);
    recordProcess(pidFile, pid);
    const mine = { child, exited, serving: false };
    running = mine;
    void exited.then((exit) => {
      guard.forget(pid);
      if (running === mine) {
        running = undefined;
        rmSync(pidFile, { force: true });
      }
      if (mine.serving) for (const listener of listeners) listener(exit);
    });
  }

  async function waitUntilReady(): Promise<void> {
    const deadline = Date.now() + spec.startTimeoutMs;
    while (Date.now() < deadline) {
      if (!running) throw startFailed(spec.name, 'ended while it was starting', logFile);
      if (await spec.isReady().catch(() => false)) {
        if (running) running.serving = true;
        return;
      }
      await sleep(POLL_MS);
    }
    await end('SIGKILL', 0);
    throw startFailed(spec.name, `was not ready after ${Math.round(spec.startTimeoutMs / 1000)} s`, logFile);
  }

  async function end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    isWanted = false;
    const target = running;
    if (!target) return;
    target.serving = false;
    target.child.kill(signal);
    const killer = setTimeout(() => target.child.kill('SIGKILL'), graceMs);
    await target.exited;
    clearTimeout(killer);
  }

  return {
    name: spec.name,
    logFile,
    get pid() {
      return running?.child.pid;
    },
    async start() {
      if (running) return;
      isWanted = true;
      await endOrphan(pidFile, spec.stopGraceMs);
      const launch = await spec.launch();
      if (!isWanted) throw new LocalError('start_failed', `${spec.name} was stopped before it was started.`);
      run(launch);
      await waitUntilReady();
    },
    stop: (graceMs = spec.stopGraceMs) => end('SIGTERM', graceMs),
    kill: () => end('SIGKILL', 0),
    async restart() {
      await this.stop();
      await this.start();
    },
    onUnexpectedExit(listener) {
      listeners.push(listener);
    },
  };
}

/** Opens a log to append to; a long one is put aside first. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

function startFailed(name: string, what: string, logFile: string): LocalError {
  const lines = lastLines(logFile, 8);
  return new LocalError(
    'start_failed',
    `${name} ${what}. Its log (${logFile}) ends with:\n${lines.map((line) => `    ${line}`).join('\n')}`,
  );
}
