import { randomInt } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdsLock, tryLock } from '../../bootstrap/lock.mjs';
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
  // One listener, however often ports are asked for.
  if (!process.listeners('exit').includes(releaseClaims)) process.once('exit', releaseClaims);
  return ports;
}

const claims = () => join(tmpdir(), 'storepulse-ports');
const claimOf = (port: number) => join(claims(), String(port));

function releaseClaims(): void {
  for (const name of readdirSync(claims())) {
    const claim = join(claims(), name);
    if (holdsLock(claim)) rmSync(claim, { force: true });
  }
}
