import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../../bootstrap/lock.mjs';
import { isPortFree } from './port-holder.ts';

// Below the range from which systems take the ports of outgoing connections, where a port that is free now may be
// taken a moment later; and without the default ports of anything in the stack.
const LOWEST = 20_000;
const BEYOND = 27_000;

/**
 * Ports of the loopback address that nobody listens on. No other process gets them from this function while this
 * one lives, so the time until they are listened on does not matter.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(LOWEST, BEYOND);
    if (tryLock(claimOf(port)) === undefined && (await isPortFree(port))) ports.push(port);
  }
  process.once('exit', () => {
    for (const port of ports) rmSync(claimOf(port), { force: true });
  });
  return ports;
}

const claimOf = (port: number) => join(tmpdir(), 'storepulse-ports', String(port));
