import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '@storepulse/local/programs/run';

/** How a program is kept apart from the machine. */
export interface Box {
  /** The machine's network, or one of its own with a loopback address alone. */
  readonly network: 'machine' | 'own';
  /** Aborted: everything in the box ends. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program of ours in the terminal, with mounts and processes of its own. When it ends, or this process does,
 * however that happens, its containers and mounts are gone with it.
 * @returns its exit status
 */
export async function runBoxed(
  main: string,
  args: readonly string[],
  { network, signal }: Box,
): Promise<number> {
  // The first process inherits those whose parents have ended, such as Podman's: one that waits for them.
  const program = ['catatonit', '--', process.execPath, main, ...args];
  const words =
    network === 'machine'
      ? [...wordsOfUnshare([]), ...program]
      : [...wordsOfUnshare(['--net']), 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', ...program];
  const child = spawn('setpriv', words, { stdio: 'inherit' });
  // Unshare passes no signal on; what it forked is killed with it, and is the first process of all others.
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end);
  const [status] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', end);
  return status ?? 1;
}

/** Why no program can be boxed here; undefined when it can. */
export async function boxFault(): Promise<string | undefined> {
  return run('setpriv', [...wordsOfUnshare(['--net']), 'true'], { timeoutMs: 10_000 }).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

function wordsOfUnshare(further: readonly string[]): string[] {
  const own = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', ...further];
  return ['--pdeathsig', 'KILL', 'unshare', ...own];
}
