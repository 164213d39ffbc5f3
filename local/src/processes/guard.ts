import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../../bootstrap/identity.mjs';

/** Ends processes when the process that started them dies, however it dies. */
export interface Guard {
  /** From now on `pid` ends with this process. */
  watch(pid: number): void;
  /** `pid` has ended, or was ended on purpose. */
  forget(pid: number): void;
  /** Ends the guard, and what it still watches. */
  close(): Promise<void>;
}

/**
 * Makes a guard: a small process that holds a pipe to this one. When the pipe closes, also by
 * `kill -9`, it ends every process it was told of, by pid and start time. It starts with the first of them.
 */
export function createGuard(): Guard {
  let running: { tell(line: string): void; close(): Promise<void> } | undefined;
  return {
    watch(pid) {
      const identity = processIdentity(pid);
      if (identity === undefined) return;
      running ??= startGuardProcess();
      running.tell(`watch ${pid} ${identity}\n`);
    },
    forget: (pid) => running?.tell(`forget ${pid}\n`),
    close: async () => running?.close(),
  };
}

function startGuardProcess() {
  const script = fileURLToPath(new URL('./guard-process.mjs', import.meta.url));
  // Detached: Ctrl-C reaches the whole foreground group, and the guard must outlive it.
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pipe = child.stdin as Socket;
  // A guard that is gone already can't be told anything.
  pipe.on('error', () => undefined);
  child.unref();
  pipe.unref();
  return {
    tell: (line: string) => void (pipe.writable && pipe.write(line)),
    close() {
      child.ref();
      pipe.end();
      return exited;
    },
  };
}
