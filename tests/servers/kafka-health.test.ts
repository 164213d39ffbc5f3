import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, readCompose } from '../provisioning/compose-file.ts';
import { useServers } from '../support/servers.ts';

const { healthcheck, volumes } = readCompose().services.kafka!;

/** Runs the health check of the compose file with another port. @returns its exit status */
async function check(port: number): Promise<number | null> {
  const [script] = healthcheck!.test.filter((word): word is string => String(word).endsWith('.sh'));
  const mount = volumes!.find((volume) => volume.includes(`:${script}:`))!;
  const child = execFile('bash', [join(ROOT, mount.split(':')[0]!), String(port)], { timeout: 10_000 });
  const [status] = await once(child, 'exit');
  return status;
}

test('the health check of Compose’s Kafka takes a broker for healthy, and no other server and none for it', async (t) => {
  await using servers = await useServers({ mongo: false });
  const [broker] = servers.kafkaBrokers.split(',');
  assert.equal(await check(Number(broker!.split(':')[1])), 0);

  const other = createServer((socket) => {
    // Who asks may be gone before it has read the answer.
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  }).listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  assert.notEqual(await check(port), 0);
  other.close();
  await once(other, 'close');
  assert.notEqual(await check(port), 0);
});
