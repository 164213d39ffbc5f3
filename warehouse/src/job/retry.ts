import { LakeError } from '@storepulse/lake';
import { MongoError } from 'mongodb';
import { WarehouseError } from '../errors.ts';

/** How what passes is tried again. */
export interface Retrying {
  readonly retries: number;
  /** Before the first retry; it doubles each time. */
  readonly retryMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each failure that is tried again. */
  readonly onRetry: (error: Error, inMs: number) => void;
}

/**
 * Tries work until it succeeds, as long as what it fails by may pass. @returns its result, and how often it was tried
 * @throws the last error
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { retries, retryMs, sleep, onRetry }: Retrying,
  onAttempt: (attempt: number) => void = () => {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    onAttempt(attempt);
    try {
      return await work();
    } catch (error) {
      if (attempt > retries || !mayPass(error)) throw error;
      const wait = retryMs * 2 ** (attempt - 1);
      onRetry(error as Error, wait);
      await sleep(wait);
    }
  }
}

/** A server that is away, a file that was replaced, another run: what is wrong with models or data stays wrong. */
function mayPass(error: unknown): boolean {
  if (error instanceof LakeError) return error.code === 'FILE_MISSING';
  if (error instanceof WarehouseError) return error.code === 'DATABASE' || error.code === 'UNREACHABLE';
  if (error instanceof MongoError) return true;
  const { message } = error as Error;
  return /No files found|Cannot open file|Could not read|IO Error/i.test(message);
}
