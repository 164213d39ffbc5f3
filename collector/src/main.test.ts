import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anOrder } from '@storepulse/contracts/testing/events';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** A port where no Kafka is: the collector must come up all the same. */
const NO_KAFKA = '127.0.0.1:9';

function start(settings: Record<string, string>): ChildProcess {
  const env = { ...process.env, COLLECTOR_PORT: '0', KAFKA_BROKERS: NO_KAFKA, ...settings };
  return spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(child: ChildProcess) {
  const [message, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  return { message, code };
}

test('settings that do not fit end the start with one message, which tells no key', async () => {
  const { message, code } = await outcome(
    start({ COLLECTOR_PORT: 'http', COLLECTOR_API_KEYS: 'shop:short-secret', COLLECTOR_BODY_MB: '0' }),
  );
  assert.equal(code, 2);
  for (const name of ['COLLECTOR_PORT', 'COLLECTOR_API_KEYS', 'COLLECTOR_BODY_MB'])
    assert.match(message, new RegExp(name));
  assert.doesNotMatch(message, /short-secret/);
});

test('where other machines reach it, it does not start without a key', async () => {
  const { message, code } = await outcome(start({ COLLECTOR_HOST: '0.0.0.0' }));
  assert.equal(code, 2);
  assert.match(message, /set COLLECTOR_API_KEYS/);
});

test('while Kafka is away it serves, says why it is not ready, and ends in peace; keys come from a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-collector-'));
  const file = join(folder, 'keys');
  const key = 'a'.repeat(64);
  writeFileSync(file, `shop:${key}\ntill:${'b'.repeat(64)}\n`);
  const child = start({ COLLECTOR_API_KEYS_FILE: file });
  let address: string | undefined;
  for await (const chunk of child.stdout!) {
    address = /collector listens at (http:\S+?)"/.exec(String(chunk))?.[1];
    if (address) break;
  }
  const ready = await fetch(`${address}/-/ready`);
  assert.equal(ready.status, 503);
  assert.ok(((await ready.json()) as { reason: string }).reason);
  const post = (headers: Record<string, string>) =>
    fetch(`${address}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(anOrder({ eventTime: Date.now() })),
    });
  assert.equal((await post({})).status, 401);
  const away = await post({ authorization: `Bearer ${key}` });
  assert.equal(away.status, 503);
  assert.equal(((await away.json()) as { code: string }).code, 'kafka_unavailable');
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  rmSync(folder, { recursive: true });
});
