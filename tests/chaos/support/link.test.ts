import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { type Link, openLink } from './link.ts';

const echo = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
let link: Link;
before(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  link = await openLink((echo.address() as AddressInfo).port);
});
after(async () => {
  await link.close();
  echo.close();
});

/** A connection over the link, and what has come back over it. */
function client() {
  const socket = connect(link.port, '127.0.0.1').setNoDelay();
  let received = '';
  let broken = false;
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => {
    broken = true;
  });
  return {
    socket,
    received: (wanted: string) =>
      until(
        `"${wanted}" comes back`,
        () => received,
        (text) => text === wanted,
        5_000,
      ),
    broken: () =>
      until(
        'the connection breaks',
        () => broken,
        (is) => is,
        5_000,
      ),
    soFar: () => received,
  };
}

test('what goes through arrives later, whole and in order, whatever becomes of the delay meanwhile', async () => {
  const { socket, received } = client();
  link.delay(40);
  const began = performance.now();
  const first = once(socket, 'data').then(() => performance.now() - began);
  let sent = '';
  for (let n = 0; n < 300; n++) {
    if (n === 200) link.delay(0);
    sent += `${n},`;
    socket.write(`${n},`);
    await sleep(n % 3);
  }
  await received(sent);
  assert.ok((await first) >= 80, 'it was not slow');
  socket.end();
  await once(socket, 'close');
});

for (const way of ['there', 'back', 'both'] as const) {
  test(`a cut link (${way}) passes nothing, tells nobody, and delivers everything once it is healed`, async () => {
    const old = client();
    old.socket.write('a');
    await old.received('a');
    link.cut(way);
    const fresh = client();
    await once(fresh.socket, 'connect');
    old.socket.write('b');
    fresh.socket.write('c');
    await sleep(100);
    assert.equal(old.soFar() + fresh.soFar(), 'a');
    assert.ok(!old.socket.destroyed && !fresh.socket.destroyed);
    link.heal();
    await old.received('ab');
    await fresh.received('c');
    old.socket.destroy();
    fresh.socket.destroy();
  });
}

test('a link that resets breaks old and new connections until it is healed', async () => {
  const old = client();
  old.socket.write('a');
  await old.received('a');
  link.reset();
  await old.broken();
  await client().broken();
  link.heal();
  const fresh = client();
  fresh.socket.write('b');
  await fresh.received('b');
  fresh.socket.destroy();
});

test('a link that forgets its connections leaves them open and silent for ever, and takes new ones', async () => {
  const old = client();
  old.socket.write('a');
  await old.received('a');
  link.forget();
  old.socket.write('b');
  const fresh = client();
  fresh.socket.write('c');
  await fresh.received('c');
  assert.equal(old.soFar(), 'a');
  assert.ok(!old.socket.destroyed);
  old.socket.destroy();
  fresh.socket.destroy();
});
