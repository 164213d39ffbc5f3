import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

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
