import { timingSafeEqual } from 'node:crypto';
import type { Caller, Scope } from './caller.ts';
import { hashOfKey, idOfKey } from './key.ts';
import { callerOf, stateOf } from './key-record.ts';
import type { KeyStore } from './key-store.ts';
import { createKeyCheck, type NamedKey } from './named-keys.ts';
import { isToken, type TokenFault } from './oidc.ts';

/** Why nobody is known by an `Authorization` header. A closed list. */
export type IdentityFault = 'missing' | 'wrong-key' | 'revoked' | TokenFault;

/** Who sends a request; or why that is not known, and the id of the key where it was one of ours. */
export type Identity =
  | { readonly caller: Caller }
  | { readonly fault: IdentityFault; readonly keyId?: string };

/** How callers are known. */
export interface Identification {
  /** Keys that a setting names, and the scope of all of them. */
  readonly named: { readonly keys: readonly NamedKey[]; readonly scope: Scope };
  /** Keys of the folder. @default none */
  readonly store?: KeyStore | undefined;
  /** Told of each use of a key of the folder. */
  readonly noteUse: (id: string) => void;
  /** Checks tokens of the issuer. @default none is taken */
  readonly checkToken?: ((token: string) => Promise<Caller | TokenFault>) | undefined;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
}

const BEARER = 'Bearer ';
/** What a key is compared with whose id is not known: it takes as long as with one that is. */
const NO_HASH = Buffer.alloc(32);

/** Finds out who sends a request from its `Authorization` header. */
export function createIdentify({
  named,
  store,
  noteUse,
  checkToken,
  now,
}: Identification): (authorization: string | undefined) => Promise<Identity> {
  const nameOf = createKeyCheck(named.keys);
  const scopes = new Set([named.scope]);
  return async (authorization) => {
    if (authorization === undefined || authorization === '') return { fault: 'missing' };
    if (!authorization.startsWith(BEARER)) return { fault: 'wrong-key' };
    const key = authorization.slice(BEARER.length);
    const name = nameOf(key);
    if (name !== undefined) return { caller: { name, scopes, shops: 'all' } };
    const id = idOfKey(key);
    if (id !== undefined && store !== undefined) {
      const record = await store.find(id);
      const expected = record === undefined ? NO_HASH : Buffer.from(record.hash, 'hex');
      const isRight = timingSafeEqual(hashOfKey(key), expected);
      if (!isRight || record === undefined) return { fault: 'wrong-key' };
      const state = stateOf(record, now());
      if (state !== 'valid') return { fault: state, keyId: id };
      noteUse(id);
      return { caller: callerOf(record) };
    }
    if (checkToken === undefined || !isToken(key)) return { fault: 'wrong-key' };
    const found = await checkToken(key);
    return typeof found === 'string' ? { fault: found } : { caller: found };
  };
}
