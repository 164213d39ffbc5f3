import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answeringSockets } from './answering-socket.ts';

const SILENT_MS = 80;

/** A server that answers everything but what begins with `?`. */
async function openServer() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => bytes.toString().startsWith('?') || socket.write('yes'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const create = answeringSockets(SILENT_MS);
  const open = () =>
    create({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      ssl: undefined as never,
      onConnect: () => undefined,
    });
  const socket = open();
  const others: Socket[] = [];
  return {
    socket,
    /** Opens a further one, which ends with the server. */
    openOther: () => {
      const other = open();
      others.push(other);
      return other;
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of [socket, ...others]) each.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

test('a connection on which a request is not answered ends with an error', async () => {
  await using server = await openServer();
  server.socket.write('? ');
  const [error] = await once(server.socket, 'error');
  assert.match((error as Error).message, /has not answered for 0.08 s/);
});

test('one that is answered, or that nothing is asked on, stays open', async () => {
  await using server = await openServer();
  for (let n = 0; n < 4; n++) {
    server.socket.write('hello');
    await sleep(SILENT_MS / 2);
  }
  await sleep(3 * SILENT_MS);
  assert.equal(server.socket.destroyed, false);
});

test('with a silent one end those that were silent as long, and none on which something was heard since', async () => {
  await using server = await openServer();
  const [idle, used] = [server.openOther(), server.openOther()];
  await Promise.all([once(idle, 'connect'), once(used, 'connect')]);
  const idleEnds = once(idle, 'error');
  server.socket.write('? ');
  await sleep(SILENT_MS / 2);
  used.write('hello');
  await once(used, 'data');
  await once(server.socket, 'error');
  await idleEnds;
  assert.equal(used.destroyed, false);
});
