import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import Fastify from 'fastify';
import { dataProxy } from './dataProxy.ts';
import type { BuiltPlugin } from './pluginRoutes.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers by `handler`; its address. */
async function upstream(t: TestContext, handler: Handler): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The proxy in front of a server, with one route that adds a key. */
async function proxyTo(t: TestContext, url: string): Promise<string> {
  const plugin: BuiltPlugin = {
    id: 'x',
    name: 'X',
    target: (_source, path) =>
      path.startsWith('api/')
        ? { url: `${url}/${path}`, headers: { authorization: 'Bearer secret' } }
        : undefined,
  };
  const app = Fastify({ forceCloseConnections: true });
  await app.register(dataProxy, {
    plugin,
    dataSources: [{ name: 'S', uid: 'storepulse', type: 'x', access: 'proxy' }],
  });
  t.after(() => app.close());
  return `${await app.listen({ port: 0, host: '127.0.0.1' })}/api/datasources/proxy/uid/storepulse`;
}

test('a request reaches the exporter with its body and query, with the key and without the browser’s cookie', async (t) => {
  let seen:
    | {
        url?: string | undefined;
        authorization?: string | undefined;
        cookie?: string | undefined;
        body: string;
      }
    | undefined;
  const url = await upstream(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen = {
      url: request.url,
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
      body,
    };
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  const proxy = await proxyTo(t, url);
  const response = await fetch(`${proxy}/api/v1/query?a=1%20b`, {
    method: 'POST',
    body: '{"range":{}}',
    headers: { 'content-type': 'application/json', cookie: 'session=1' },
  });
  assert.deepEqual(await response.json(), { ok: true });
  assert.deepEqual(seen, {
    url: '/api/v1/query?a=1%20b',
    authorization: 'Bearer secret',
    cookie: undefined,
    body: '{"range":{}}',
  });
});

test('an answer is passed on while it is still being written', async (t) => {
  let finish = () => {};
  const url = await upstream(t, (_request, response) => {
    response.write('first');
    finish = () => response.end('last');
  });
  const proxy = await proxyTo(t, url);
  const reader = (await fetch(`${proxy}/api/v1/live`)).body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, 'first');
  finish();
  assert.equal((await reader.read()).value, 'last');
});

test('an exporter that refuses the key answers as through Grafana: 400', async (t) => {
  const url = await upstream(t, (_request, response) => response.writeHead(401).end('{"title":"no"}'));
  const response = await fetch(`${await proxyTo(t, url)}/api/v1/catalog`);
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { message: 'Authentication to data source failed' });
});

test('any other failure of the exporter is passed on', async (t) => {
  const url = await upstream(t, (_request, response) => response.writeHead(503).end('{"title":"down"}'));
  const response = await fetch(`${await proxyTo(t, url)}/api/v1/catalog`, { method: 'POST' });
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { title: 'down' });
});

test('an exporter that is not there answers as through Grafana: 502 without a body', async (t) => {
  const url = await upstream(t, (request) => request.socket.destroy());
  const response = await fetch(`${await proxyTo(t, url)}/api/v1/catalog`, { method: 'POST' });
  assert.equal(response.status, 502);
  assert.equal(await response.text(), '');
});

test('a path without a route and a data source that is not there are refused', async (t) => {
  const proxy = await proxyTo(t, 'http://127.0.0.1:9');
  assert.equal((await fetch(`${proxy}/metrics`)).status, 404);
  assert.equal((await fetch(`${proxy.replace('storepulse', 'other')}/api/v1/catalog`)).status, 404);
});
