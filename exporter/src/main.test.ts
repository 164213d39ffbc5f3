import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keyFolder } from '@storepulse/http/testing/access';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** A port where no MongoDB is: the exporter must come up all the same. */
const NO_STORE = 'mongodb://127.0.0.1:9/?replicaSet=rs0';

function start(settings: Record<string, string>): ChildProcess {
  const env = { ...process.env, EXPORTER_PORT: '0', MONGODB_URI: NO_STORE, ...settings };
  return spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(child: ChildProcess) {
  const [message, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  return { message, code };
}

test('settings that do not fit end the start with one message that lists them all', async () => {
  const { message, code } = await outcome(
    start({ EXPORTER_PORT: 'http', MONGODB_URI: 'postgres://x', LOG_LEVEL: 'loud' }),
  );
  assert.equal(code, 2);
  for (const name of ['EXPORTER_PORT', 'MONGODB_URI', 'LOG_LEVEL']) assert.match(message, new RegExp(name));
  assert.doesNotMatch(message, / at .*:\d+:\d+/);
});

test('where other machines reach it, it does not start before it is told who may read', async () => {
  const { message, code } = await outcome(start({ EXPORTER_HOST: '0.0.0.0' }));
  assert.equal(code, 2);
  assert.match(
    message,
    /^EXPORTER_HOST 0\.0\.0\.0 can be reached from other machines: set EXPORTER_API_KEYS /,
  );
  const half = await outcome(start({ OIDC_ISSUER: 'https://login.example' }));
  assert.match(half.message, /OIDC_ISSUER and OIDC_AUDIENCE go together/);
  const cut = await outcome(start({ EXPORTER_TLS_CERT_FILE: '/nowhere.pem' }));
  assert.match(cut.message, /EXPORTER_TLS_CERT_FILE and EXPORTER_TLS_KEY_FILE go together/);
});

test('keys are made and revoked while it runs: it knows within five seconds', {
  timeout: 60_000,
}, async (t) => {
  const { folder, keys, make, remove } = keyFolder();
  t.after(remove);
  const child = start({ ACCESS_FOLDER: folder });
  t.after(() => child.kill());
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { msg } = JSON.parse(String(line).split('\n')[0]!) as { msg: string };
  const address = msg.replace('exporter listens at ', '');
  const scrape = async (key: string) =>
    (await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${key}` } })).status;
  assert.equal(await scrape('none'), 401);
  const key = await make({});
  const until = async (status: number) => {
    const began = performance.now();
    while ((await scrape(key)) !== status) await sleep(20);
    return performance.now() - began;
  };
  await until(200);
  await keys.revoke(key.split('_')[1]!);
  assert.ok((await until(401)) < 5_000);
});

test('a taken port is named', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const { message, code } = await outcome(start({ EXPORTER_PORT: String(port) }));
  holder.close();
  assert.equal(code, 2);
  assert.equal(message, `EXPORTER_PORT: port ${port} on 127.0.0.1 is taken; set another one\n`);
});

test('it serves while the store is away, and ends in peace when told to', async () => {
  const child = start({});
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { msg } = JSON.parse(String(line).split('\n')[0]!) as { msg: string };
  const address = msg.replace('exporter listens at ', '');
  assert.equal((await fetch(`${address}/-/healthy`)).status, 200);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});
