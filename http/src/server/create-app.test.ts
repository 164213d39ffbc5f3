import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get as getHttp } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { Registry } from 'prom-client';
import { HTTP_ERRORS } from '../errors.ts';
import { keyFolder, policyOf } from '../testing/access.ts';
import { CERTIFICATES } from '../testing/certificates.ts';
import { createHttpApp, type Listening } from './create-app.ts';
import { followTls } from './tls.ts';

function setUp(t: TestContext, listening: Listening = {}, lines: string[] = []) {
  const { app, seal } = createHttpApp({
    ...{ part: 'exporter', registry: new Registry(), errors: HTTP_ERRORS, bodyLimit: 1_024 },
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    texts: { instead: '/ lists what there is' },
    ...listening,
  });
  t.after(() => app.close());
  return { app, seal, lines };
}
const address = (app: ReturnType<typeof setUp>['app']) => (app.server.address() as AddressInfo).port;

test('a route that does not say who may use it can not be registered, in any plugin', async (t) => {
  const { app } = setUp(t);
  assert.throws(() => app.get('/a', () => ''), /the route GET \/a does not say who may use it/);
  await assert.rejects(
    async () => app.register(async (inner) => void inner.post('/b', () => '')),
    /the route POST \/b does not say who may use it/,
  );
});

test('a request for another host than this machine is refused, whatever the part', async (t) => {
  const { app } = setUp(t, { alsoHosts: ['shop.internal'] });
  app.get('/a', { config: { access: 'open' } }, () => 'a');
  for (const [host, status] of [
    ['localhost', 200],
    ['shop.internal:80', 200],
    ['evil.example', 421],
  ] as const)
    assert.equal((await app.inject({ url: '/a', headers: { host } })).statusCode, status, host);
});

test('a server that is closed while it answers ends with the answer, though the client keeps the connection', async (t) => {
  const { app } = setUp(t);
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<string>();
  app.get('/a', { config: { access: 'open' } }, () => {
    asked.resolve();
    return release.promise;
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const request = getHttp({ port: address(app), path: '/a', agent });
  const answered = once(request, 'response').then(([answer]) => text(answer));
  await asked.promise;
  const closed = app.close().then(() => 'closed');
  while (app.server.listening) await sleep(5);
  release.resolve('answer');
  assert.equal(await answered, 'answer');
  // Kept alive, it would take 72 s.
  assert.equal(await Promise.race([closed, sleep(20_000, 'open', { ref: false })]), 'closed');
});

test('a fault of ours is told without its inside, and logged without the query of the address', async (t) => {
  const { app, lines } = setUp(t);
  app.get('/a', { config: { access: 'open' } }, () => Promise.reject(new Error('4111111111111111')));
  const answer = await app.inject('/a?email=jane@roe.example');
  assert.deepEqual([answer.statusCode, answer.json().code], [500, 'internal']);
  assert.doesNotMatch(answer.body, /4111/);
  assert.doesNotMatch(lines.join(''), /jane/);
});

test('what steers is a line of the audit with who did it, when it was done', async (t) => {
  const keys = [{ name: 'operator', key: 'k'.repeat(32) }];
  const { app, lines } = setUp(t, { policy: policyOf({ keys, scope: 'control' }) });
  const steering = { config: { access: 'control' } } as const;
  app.put('/rate', steering, () => ({}));
  app.put('/refused', steering, (_request, reply) => reply.code(409).send({}));
  app.get('/rate', steering, () => ({}));
  const headers = { authorization: `Bearer ${'k'.repeat(32)}` };
  await app.inject({ method: 'PUT', url: '/rate?x=secret', headers });
  await app.inject({ method: 'PUT', url: '/refused', headers });
  await app.inject({ method: 'GET', url: '/rate', headers });
  const audited = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'audit');
  assert.deepEqual(
    audited.map(({ audit, method, route, key, status }) => [audit, method, route, key, status]),
    [['done', 'PUT', '/rate', 'operator', 200]],
  );
  assert.doesNotMatch(lines.join(''), /secret|kkkk/);
});

test('an answer that goes on is cut off when its key is revoked', { timeout: 30_000 }, async (t) => {
  const folder = keyFolder();
  t.after(folder.remove);
  const key = await folder.make({});
  const { app, lines } = setUp(t, { policy: policyOf({ folder: folder.folder }) });
  app.get('/stream', { config: { access: 'read' } }, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200);
    reply.raw.write('begun\n');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${key}` };
  const [response] = await once(getHttp(`http://127.0.0.1:${address(app)}/stream`, { headers }), 'response');
  await once(response, 'data');
  await folder.keys.revoke(key.split('_')[1]!);
  await assert.rejects(text(response), { code: 'ECONNRESET' });
  assert.match(lines.join(''), /"audit":"denied".*"reason":"revoked","cut":true/);
});

test('with a certificate the part speaks TLS, and takes a renewed one without a new start', {
  timeout: 30_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const put = ({ cert, key }: { cert: string; key: string }) => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };
  put(CERTIFICATES.first);
  const { app } = setUp(t, { tls: files });
  app.get('/a', { config: { access: 'open' } }, () => 'a');
  followTls(app, 'exporter', files, 20);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (ca: string) => {
    const request = get(`https://127.0.0.1:${address(app)}/a`, { ca, agent: false });
    const [response] = await once(request, 'response');
    return text(response);
  };
  assert.equal(await ask(CERTIFICATES.first.cert), 'a');
  await assert.rejects(ask(CERTIFICATES.second.cert), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  put(CERTIFICATES.second);
  let renewed: string | undefined;
  while (renewed === undefined) renewed = await ask(CERTIFICATES.second.cert).catch(() => undefined);
  assert.equal(renewed, 'a');
});
