import { spawn } from 'node:child_process';
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
 * Starts a guard: a small process that holds a pipe to this one. When the pipe closes, also by
 * `kill -9`, it ends every process it was told of, by pid and start time.
 */
export function createGuard(): Guard {
  const script = fileURLToPath(new URL('./guard-process.mjs', import.meta.url));
  // Detached: Ctrl-C reaches the whole foreground group, and the guard must outlive it.
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return {
    watch(pid) {
      const identity = processIdentity(pid);
      if (identity !== undefined) child.stdin.write(`watch ${pid} ${identity}\n`);
    },
    forget(pid) {
      child.stdin.write(`forget ${pid}\n`);
    },
    close() {
      child.ref();
      child.stdin.end();
      return exited;
    },
  };
}
