// The guard's own process (see guard.ts). Plain JavaScript: it starts in 40 ms and needs nothing else.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../bootstrap/identity.mjs';

/** How long a process may take to end by itself before it is killed. */
const GRACE_MS = 5000;

/** @type {Map<number, { pid: number, identity: string }>} */
const charges = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, pid, ...identity] = line.split(' ');
  if (verb === 'watch') charges.set(Number(pid), { pid: Number(pid), identity: identity.join(' ') });
  else charges.delete(Number(pid));
}

const remaining = () => [...charges.values()].filter(isRunning);
const signalAll = (signal) => {
  for (const { pid } of remaining()) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  }
};

signalAll('SIGTERM');
const deadline = Date.now() + GRACE_MS;
while (remaining().length > 0 && Date.now() < deadline) await sleep(50);
signalAll('SIGKILL');
