import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processIdentity } from './identity.mjs';

/**
 * Runs `work` while no other process runs work under the same lock file.
 * A lock whose holder has died is taken over. The lock saves double work; results must
 * still be published by a rename, so that a take-over race could not harm them.
 * @template T
 * @param {string} file path of the lock file
 * @param {() => Promise<T>} work
 * @param {{ timeoutMs?: number, onWait?: (holder: number) => void }} [options] `timeoutMs`: how long to wait (default 15 min)
 * @returns {Promise<T>}
 * @throws {Error} naming the holder, when the lock was not had in time
 */
export async function withLock(file, work, { timeoutMs = 900_000, onWait } = {}) {
  const deadline = Date.now() + timeoutMs;
  let told = false;
  for (;;) {
    const holder = tryLock(file);
    if (holder === undefined) break;
    if (!told) onWait?.(holder.pid);
    told = true;
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${holder.pid} has held ${file} for too long. If it isn't ours, delete that file.`,
      );
    }
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Takes the lock for as long as this process lives, or until the file is removed.
 * @param {string} file
 * @returns {{ pid: number, identity: string } | undefined} its living holder, when it is not to be had
 */
export function tryLock(file) {
  // Written aside and linked, so that the lock never exists without its holder in it.
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  try {
    linkSync(mine, file);
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  const holder = readHolder(file);
  if (holder && isRunning(holder)) return holder;
  rmSync(file, { force: true });
  return tryLock(file);
}

/**
 * Whether this process has the lock.
 * @param {string} file
 * @returns {boolean}
 */
export function holdsLock(file) {
  return readHolder(file)?.pid === process.pid;
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
