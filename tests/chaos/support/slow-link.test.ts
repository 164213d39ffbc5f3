import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSlowLink } from './slow-link.ts';

test('what goes through arrives later, whole and in order, whatever becomes of the delay meanwhile', async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const link = await openSlowLink((echo.address() as AddressInfo).port);
  const socket = connect(link.port, '127.0.0.1').setNoDelay();
  const received = buffer(socket);
  const began = performance.now();
  link.delay(40);
  const sent: Buffer[] = [];
  for (let n = 0; n < 300; n++) {
    if (n === 200) link.delay(0);
    sent.push(Buffer.from(`${n},`));
    socket.write(sent.at(-1)!);
    await sleep(n % 3);
  }
  socket.end();
  assert.equal(String(await received), String(Buffer.concat(sent)));
  assert.ok(performance.now() - began >= 80, 'it was not slow');
  await link.close();
  echo.close();
});
