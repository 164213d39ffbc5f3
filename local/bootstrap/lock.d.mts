/**
 * Runs `work` while no other process runs work under the same lock file.
 * @param options `timeoutMs`: how long to wait for the lock (default 15 min); `onWait`: called once with the holder's pid
 * @throws {Error} naming the holder, when the lock was not had in time
 */
export function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options?: { timeoutMs?: number; onWait?: (holder: number) => void },
): Promise<T>;

/** Takes the lock for as long as this process lives, or until the file is removed; else answers with its living holder. */
export function tryLock(file: string): { pid: number; identity: string } | undefined;

/** Whether this process has the lock. */
export function holdsLock(file: string): boolean;
