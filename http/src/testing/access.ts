import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Scope } from '../access/caller.ts';
import type { NamedKey } from '../access/named-keys.ts';
import { openPolicy, type Policy } from '../access/policy.ts';
import { type KeyWish, openKeys } from '../keys/keys.ts';
import type { App } from '../server/types.ts';

/** A policy of a few keys of one scope, or of the keys of a folder, for tests. */
export function policyOf(given: { keys: readonly NamedKey[]; scope: Scope } | { folder: string }): Policy {
  const named = 'keys' in given ? given : { keys: [], scope: 'read' as const };
  const accessFolder = 'folder' in given ? given.folder : undefined;
  return openPolicy({ host: '127.0.0.1', named, accessFolder }, pino({ level: 'silent' }));
}

/** A folder of keys for a test, removed with `remove`; `make` returns the text of a key. */
export function keyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-access-'));
  const keys = openKeys(folder, () => Date.now(), 'tester');
  return {
    ...{ folder, keys },
    // When a key was used is written down while its request is answered: that may still be going on.
    remove: () => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 50 }),
    make: async (wish: Partial<KeyWish>) =>
      (await keys.create({ name: 'test', scopes: ['read'], shops: [], lastsMs: undefined, ...wish })).key,
  };
}

/** Headers that get nobody in, by what is wrong with them, made from a key that would and from keys that did once. */
export function credentialAttacks(key: string, over: { revoked: string; expired: string }) {
  const [, id] = key.split('_');
  const secret = key.slice(`storepulse_${id}_`.length);
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
  const part = (text: object) => Buffer.from(JSON.stringify(text)).toString('base64url');
  const attacks: Record<string, Record<string, string>> = {
    'no header': {},
    'an empty header': { authorization: '' },
    'a scheme alone': { authorization: 'Bearer' },
    'a key without a scheme': { authorization: key },
    'another scheme': { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    'the key in another header': { 'x-api-key': key },
    'the key in a cookie': { cookie: `authorization=Bearer ${key}` },
    'a key cut short': bearer(key.slice(0, -1)),
    'a key and more': bearer(`${key}A`),
    'two keys': bearer(`${key},${key}`),
    'a secret of another key': bearer(`storepulse_${id}_${'A'.repeat(43)}`),
    'an id that is not there': bearer(`storepulse_000000000000_${secret}`),
    'an operator': bearer('{"$ne":null}'),
    'a token without a signature': bearer(`${part({ alg: 'none' })}.${part({ sub: 'admin' })}.x`),
    'a revoked key': bearer(over.revoked),
    'an expired key': bearer(over.expired),
  };
  return Object.entries(attacks);
}

/** The routes of a part that ask for a scope. */
export function closedRoutes(app: App) {
  return app.guarded.filter(({ access }) => access !== 'open') as readonly {
    readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
    readonly url: string;
    readonly access: Scope;
  }[];
}
