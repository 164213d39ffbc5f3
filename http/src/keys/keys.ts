import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SHOP_PATTERN } from '@storepulse/contracts';
import type { Scope } from '../access/caller.ts';
import { createKey, hashOfKey } from '../access/key.ts';
import { changeKeys, KeyFileError, readKeys } from '../access/key-file.ts';
import { type KeyRecord, type KeyState, stateOf } from '../access/key-record.ts';
import { readUses } from '../access/last-use.ts';

/** What a key is to be. */
export interface KeyWish {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Empty: good for all shops. */
  readonly shops: readonly string[];
  /** ms from now on; undefined: for ever. */
  readonly lastsMs: number | undefined;
}

/** A key as it is listed: nothing of the key itself, nor of its hash. */
export interface ListedKey extends Omit<KeyRecord, 'hash'> {
  readonly state: KeyState;
  /** ISO 8601, to ten seconds; absent: it was not used yet. */
  readonly lastUsedAt?: string;
}

/** A key that was made: the only time that it is shown. */
export interface MadeKey {
  readonly key: string;
  readonly record: KeyRecord;
}

/** The keys of a folder, for whoever manages them. Every change is a line of `audit.ndjson` in the folder. */
export interface Keys {
  /** @throws {KeyFileError} for a wish that makes no sense, or a folder that can't be changed */
  create(wish: KeyWish): Promise<MadeKey>;
  list(): Promise<readonly ListedKey[]>;
  /**
   * Makes a key in another one's place, with its name, scopes, shops and lifetime.
   * @param overlapMs how long the old one stays good
   * @throws {KeyFileError} for an id that is not there, or whose key was revoked
   */
  rotate(id: string, overlapMs: number): Promise<MadeKey>;
  /** @throws {KeyFileError} for an id that is not there */
  revoke(id: string): Promise<KeyRecord>;
}

/** These are about all shops. */
const UNBOUND: readonly Scope[] = ['control', 'admin'];

/**
 * @param now wall clock, epoch ms
 * @param by who manages them, for the audit
 */
export function openKeys(folder: string, now: () => number, by: string): Keys {
  const at = (ms: number) => new Date(ms).toISOString();
  const audit = async (action: string, { id, name, scopes, shops }: KeyRecord, more: object = {}) => {
    const line = { time: at(now()), action, id, ...more, name, scopes, ...(shops ? { shops } : {}), by };
    await appendFile(join(folder, 'audit.ndjson'), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  };
  const make = (wish: KeyWish): MadeKey => {
    const { id, key } = createKey();
    const record: KeyRecord = {
      ...{ id, name: wish.name, scopes: [...wish.scopes] },
      ...(wish.shops.length === 0 ? {} : { shops: [...wish.shops] }),
      hash: hashOfKey(key).toString('hex'),
      createdAt: at(now()),
      ...(wish.lastsMs === undefined ? {} : { expiresAt: at(now() + wish.lastsMs) }),
    };
    return { key, record };
  };
  /** A key that is good for a while yet, and no longer than it was. */
  const ending = (old: KeyRecord, overlapMs: number): KeyRecord => {
    if (overlapMs === 0) return { ...old, revokedAt: at(now()) };
    const until = now() + overlapMs;
    return { ...old, expiresAt: at(Math.min(until, Date.parse(old.expiresAt ?? at(until)))) };
  };
  return {
    create: async (wish) => {
      checkWish(wish);
      const made = make(wish);
      await changeKeys(folder, (keys) => ({ keys: [...keys, made.record], result: undefined }));
      await audit('create', made.record);
      return made;
    },
    list: async () => {
      const [keys, uses] = await Promise.all([readKeys(folder), readUses(folder)]);
      return keys.map((record) => {
        const { hash: _hash, ...told } = record;
        const used = uses.get(record.id);
        const lastUsedAt = used === undefined ? {} : { lastUsedAt: at(used) };
        return { ...told, state: stateOf(record, now()), ...lastUsedAt };
      });
    },
    rotate: async (id, overlapMs) => {
      const made = await changeKeys(folder, (keys) => {
        const old = find(keys, id);
        if (old.revokedAt !== undefined)
          throw new KeyFileError(`the key ${id} was revoked: make a new one with "create"`);
        const result = make({
          ...{ name: old.name, scopes: old.scopes, shops: old.shops ?? [] },
          lastsMs:
            old.expiresAt === undefined ? undefined : Date.parse(old.expiresAt) - Date.parse(old.createdAt),
        });
        return {
          keys: [...keys.map((key) => (key === old ? ending(old, overlapMs) : key)), result.record],
          result,
        };
      });
      await audit('rotate', made.record, { replaces: id });
      return made;
    },
    revoke: async (id) => {
      const revoked = await changeKeys(folder, (keys) => {
        const old = find(keys, id);
        const result = { ...old, revokedAt: old.revokedAt ?? at(now()) };
        return { keys: keys.map((key) => (key === old ? result : key)), result };
      });
      await audit('revoke', revoked);
      return revoked;
    },
  };
}

function find(keys: readonly KeyRecord[], id: string): KeyRecord {
  const found = keys.find((key) => key.id === id);
  if (found) return found;
  throw new KeyFileError(`there is no key ${id}: "list" shows the ids`);
}

function checkWish({ name, scopes, shops }: KeyWish): void {
  if (scopes.length === 0) throw new KeyFileError('a key needs a scope: --scope read, for example');
  if (!/^[\w .@-]{1,80}$/.test(name))
    throw new KeyFileError('--name takes 1 to 80 letters, digits, spaces, and . _ - @');
  const wrong = shops.find((shop) => !new RegExp(SHOP_PATTERN).test(shop));
  if (wrong !== undefined) throw new KeyFileError(`--shop ${wrong} is no id of a shop`);
  const unbound = scopes.find((scope) => UNBOUND.includes(scope));
  if (unbound !== undefined && shops.length > 0)
    throw new KeyFileError(`the scope ${unbound} is about all shops: a key with it can't be bound to one`);
}
