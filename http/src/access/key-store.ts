import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../errors.ts';
import { keyFile, readKeys } from './key-file.ts';
import type { KeyRecord } from './key-record.ts';

/** What was read of the folder is good for so long, ms: a change is in force as soon. */
const FRESH_MS = 1_000;
/** A folder that does not answer for so long counts as unreadable, ms. */
const SILENT_MS = 2_000;
const STEP_MS = 100;

/** The keys of a folder, as they are now. */
export interface KeyStore {
  /** @throws {HttpError} `access_unavailable` while the folder can't be read: nobody gets in by a key that may be revoked */
  find(id: string): Promise<KeyRecord | undefined>;
}

/**
 * Opens a folder of keys. It is looked at when a key is asked for, at most once a second, so that nothing runs while
 * nobody asks.
 * @param elapsed a clock that never goes back, ms
 * @param onFailure told when the folder can't be read, and of each other reason
 */
export function openKeyStore(
  folder: string,
  elapsed: () => number,
  onFailure: (error: Error) => void,
): KeyStore {
  let version: string | undefined;
  let keys: ReadonlyMap<string, KeyRecord> = new Map();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let told: string | undefined;

  const look = async (): Promise<void> => {
    const found = await versionOf(keyFile(folder));
    if (found === version) return;
    keys = new Map((await readKeys(folder)).map((key) => [key.id, key]));
    version = found;
  };
  /** Many short waits: of a process that was held up, no single one takes the folder's time away. */
  const silence = async (signal: AbortSignal): Promise<never> => {
    for (let waited = 0; waited < SILENT_MS; waited += STEP_MS) await sleep(STEP_MS, undefined, { signal });
    throw new Error(`${folder} has not answered for ${SILENT_MS / 1_000} s`);
  };
  const lookInTime = async (): Promise<void> => {
    const startedAt = elapsed();
    const ended = new AbortController();
    try {
      await Promise.race([look(), silence(ended.signal)]);
      lookedAt = startedAt;
      told = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (told !== message) onFailure(error as Error);
      told = message;
      throw new HttpError('access_unavailable', 'the keys can not be read; the log has the cause', {
        retryAfterS: 5,
        cause: error,
      });
    } finally {
      ended.abort();
    }
  };
  return {
    find: async (id) => {
      if (elapsed() - lookedAt >= FRESH_MS) {
        looking ??= lookInTime().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return keys.get(id);
    },
  };
}

/** Changes whenever the file is written anew: what `npm run keys` writes is a new file each time. */
async function versionOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeNs} ${found.size}`;
}
