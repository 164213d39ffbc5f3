import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../bootstrap/identity.mjs';
import type { RecordedProcess } from './pid-file.ts';

/**
 * Ends a process that need not be a child of ours: SIGTERM, and SIGKILL when it still runs after
 * `graceMs`. Returns when it is gone.
 */
export async function endProcess(target: RecordedProcess, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  sendSignal(target, 'SIGTERM');
  while (isRunning(target)) {
    if (Date.now() > deadline) sendSignal(target, 'SIGKILL');
    await sleep(50);
  }
}

function sendSignal(target: RecordedProcess, signal: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    // ESRCH: it ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
