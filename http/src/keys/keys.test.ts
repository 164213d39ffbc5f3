import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createIdentify } from '../access/identify.ts';
import { openKeyStore } from '../access/key-store.ts';
import { createUseNotes } from '../access/last-use.ts';
import { openKeys } from './keys.ts';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** A folder of keys, what manages it, and a part that reads it; the clock is the test's. */
function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const clock = { now: START };
  const failures: string[] = [];
  const now = () => clock.now;
  const onFailure = ({ message }: Error) => failures.push(message);
  const identify = createIdentify({
    ...{ named: { keys: [], scope: 'read' }, now },
    store: openKeyStore(folder, now, onFailure),
    noteUse: createUseNotes(folder, now, onFailure),
  });
  const ask = async (key: string) => {
    clock.now += 1_000;
    const identity = await identify(`Bearer ${key}`);
    return 'fault' in identity ? identity.fault : [...identity.caller.scopes].join(' ');
  };
  return { folder, clock, failures, identify, ask, keys: openKeys(folder, now, 'tester') };
}
const wish = { name: 'me', scopes: ['read'], shops: [], lastsMs: undefined } as const;

test('a key of 256 random bits is good at once, and nothing of it is kept but its hash', async (t) => {
  const { folder, ask, keys, identify } = setUp(t);
  const { key, record } = await keys.create({ ...wish, shops: ['one', 'two'] });
  const [, id, secret] = key.split('_', 3);
  assert.equal(id, record.id);
  assert.equal(Buffer.from(key.slice(`storepulse_${id}_`.length), 'base64url').length, 32);
  assert.equal(await ask(key), 'read');
  const identity = await identify(`Bearer ${key}`);
  assert.deepEqual('caller' in identity && identity.caller.shops, new Set(['one', 'two']));
  for (const file of readdirSync(folder).filter((name) => name !== 'last-use'))
    assert.ok(!readFileSync(join(folder, file), 'utf8').includes(secret!), file);
  assert.equal(statSync(join(folder, 'keys.json')).mode & 0o077, 0);
  assert.doesNotMatch(JSON.stringify(await keys.list()), /hash/);
});

test('a key that is not quite one is none, whatever of it is right', async (t) => {
  const { ask, keys } = setUp(t);
  const { key } = await keys.create(wish);
  const other = (await keys.create(wish)).key;
  const flipped = key.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
  const mixed = key.slice(0, 24) + other.slice(24);
  for (const wrong of [flipped, mixed, key.slice(0, -1), `${key}x`, ` ${key}`, key.toUpperCase(), ''])
    assert.equal(await ask(wrong), 'wrong-key', wrong);
});

test('an expired, a revoked and a replaced key are good no more, a second later in every process', async (t) => {
  const { clock, ask, keys } = setUp(t);
  const short = await keys.create({ ...wish, lastsMs: HOUR });
  const lost = await keys.create(wish);
  const old = await keys.create({ ...wish, scopes: ['ingest'], shops: ['one'], lastsMs: 24 * HOUR });
  for (const { key } of [short, lost]) assert.equal(await ask(key), 'read');
  await keys.revoke(lost.record.id);
  assert.equal(await ask(lost.key), 'revoked');
  const next = await keys.rotate(old.record.id, HOUR);
  assert.deepEqual(
    [next.record.name, next.record.scopes, next.record.shops],
    [old.record.name, old.record.scopes, old.record.shops],
  );
  assert.equal(Date.parse(next.record.expiresAt!), clock.now + 24 * HOUR);
  for (const { key } of [old, next]) assert.equal(await ask(key), 'ingest');
  clock.now += HOUR;
  assert.equal(await ask(short.key), 'expired');
  assert.equal(await ask(old.key), 'expired');
  assert.equal(await ask(next.key), 'ingest');
  const last = await keys.rotate(next.record.id, 0);
  assert.equal(await ask(next.key), 'revoked');
  assert.equal(await ask(last.key), 'ingest');
  await assert.rejects(keys.rotate(next.record.id, 0), /was revoked/);
  await assert.rejects(keys.revoke('000000000000'), /there is no key 000000000000/);
});

test('when a key was used last is known, and every change is in the audit', {
  timeout: 30_000,
}, async (t) => {
  const { folder, clock, ask, keys } = setUp(t);
  const used = await keys.create(wish);
  await keys.create({ ...wish, name: 'idle' });
  await ask(used.key);
  // The note is written beside the answer.
  while (!readdirSync(folder).includes('last-use') || readdirSync(join(folder, 'last-use')).length === 0)
    await new Promise(setImmediate);
  let listed = await keys.list();
  while (listed[0]!.lastUsedAt !== new Date(clock.now).toISOString()) {
    await new Promise(setImmediate);
    listed = await keys.list();
  }
  assert.deepEqual(
    listed.map(({ name, state, lastUsedAt }) => [name, state, lastUsedAt === undefined]),
    [
      ['me', 'valid', false],
      ['idle', 'valid', true],
    ],
  );
  await keys.revoke(used.record.id);
  const lines = readFileSync(join(folder, 'audit.ndjson'), 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ action, by }) => [action, by]),
    [
      ['create', 'tester'],
      ['create', 'tester'],
      ['revoke', 'tester'],
    ],
  );
});

test('a file of keys that can not be read lets nobody in, and says so once', async (t) => {
  const { folder, clock, ask, keys, failures } = setUp(t);
  const { key } = await keys.create(wish);
  assert.equal(await ask(key), 'read');
  writeFileSync(join(folder, 'keys.json'), '{"version": 2}');
  for (let n = 0; n < 3; n++) await assert.rejects(ask(key), { code: 'access_unavailable' });
  assert.equal(failures.length, 1);
  assert.match(failures[0]!, /keys\.json is no file of keys that this release knows/);
  rmSync(join(folder, 'keys.json'));
  clock.now += 1_000;
  assert.equal(await ask(key), 'wrong-key');
});

test('two programs do not change the keys at once; wishes that make no sense are refused', async (t) => {
  const { folder, keys } = setUp(t);
  await keys.create(wish);
  writeFileSync(join(folder, 'keys.json.lock'), '');
  await assert.rejects(
    keys.create(wish),
    /another command changes the keys; when none does, remove .*\.lock/,
  );
  rmSync(join(folder, 'keys.json.lock'));
  for (const [wrong, words] of [
    [{ scopes: [] }, /a key needs a scope/],
    [{ scopes: ['control'], shops: ['one'] }, /control is about all shops/],
    [{ scopes: ['admin'], shops: ['one'] }, /admin is about all shops/],
    [{ shops: ['No Shop'] }, /--shop No Shop is no id/],
    [{ name: 'a\nb' }, /--name takes/],
  ] as const)
    await assert.rejects(keys.create({ ...wish, ...wrong }), words);
  assert.equal((await keys.list()).length, 1);
});
