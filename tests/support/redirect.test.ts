import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openLink } from '../chaos/support/link.ts';
import { redirectConnections, redirected } from './redirect.ts';

const run = promisify(execFile);
/** Nobody listens there. */
const CLOSED = 2;
const server = createServer((_request, response) => response.end('here'));
let port: number;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
after(() => server.close());

test('connections of a process that was told so go to another port, however they are opened', async () => {
  const script = `
    import { connect, createConnection } from 'node:net';
    import { once } from 'node:events';
    for (const open of [() => connect(${CLOSED}, '127.0.0.1'), () => createConnection({ port: ${CLOSED}, host: '127.0.0.1' })]) {
      const socket = open();
      await once(socket, 'connect');
      socket.destroy();
    }
    process.stdout.write(await (await fetch('http://127.0.0.1:${CLOSED}/')).text());
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, ...redirected({ [CLOSED]: port }) },
  });
  assert.equal(stdout, 'here');
});

test('a link in the process that is redirected through it leads to its server', async () => {
  const link = await openLink(port);
  const end = redirectConnections({ [port]: link.port });
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'here');
  link.reset();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  end();
  await link.close();
});

test('a redirect of one’s own process ends', async () => {
  const end = redirectConnections({ [CLOSED]: port });
  const socket = connect(CLOSED, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  end();
  await assert.rejects(once(connect(CLOSED, '127.0.0.1'), 'connect'), /ECONNREFUSED/);
});
