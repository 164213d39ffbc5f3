import { createHash, randomBytes } from 'node:crypto';

/** A key of ours: a prefix that scanners of leaked secrets find, the key's id, and 256 random bits in base64url. */
const FORM = /^storepulse_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** A new key, as its user gets it. It is shown once. */
export interface NewKey {
  /** Names the key where the key itself must not be: in lists, logs and metrics. 48 random bits. */
  readonly id: string;
  readonly key: string;
}

/** Makes a key of 256 random bits. */
export function createKey(): NewKey {
  const id = randomBytes(6).toString('hex');
  return { id, key: `storepulse_${id}_${randomBytes(32).toString('base64url')}` };
}

/** The id of a key of ours; undefined: it is none. */
export function idOfKey(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/**
 * What is kept of a key. SHA-256 is enough here, and a slow hash for passwords would be wrong: nobody can try out 2^256
 * keys, however fast the hash is, and a hash of 100 ms at each request would be a way to take the part away.
 */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
