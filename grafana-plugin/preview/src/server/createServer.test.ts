import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { pino } from 'pino';
import { createServer } from './createServer.ts';
import { repositoryPaths } from './paths.ts';

async function aServer(
  t: TestContext,
  more: { host?: string; alsoHosts?: string[]; prometheus?: { url: string } } = {},
) {
  const exporter = { url: 'http://127.0.0.1:9464/', apiKey: 'very-secret' };
  const simulator = { url: 'http://127.0.0.1:8089' };
  const logger = pino({ level: 'silent' });
  const app = await createServer({ paths: repositoryPaths(), exporter, simulator, logger, ...more });
  t.after(() => app.close());
  return app;
}

test('the browser learns that a key is set, not the key', async (t) => {
  const answer = await (await aServer(t)).inject('/api/datasources');
  assert.deepEqual(answer.json()[0].secureJsonFields, { apiKey: true });
  assert(!answer.body.includes('very-secret'));
});

test('a page of the Internet whose name leads here is refused, so that it can’t use the key', async (t) => {
  const status = async (app: Awaited<ReturnType<typeof aServer>>, host: string) =>
    (await app.inject({ url: '/api/search', headers: { host } })).statusCode;
  const app = await aServer(t);
  const asked = ['evil.example', 'evil.example:3100', '127.0.0.1:3100', 'localhost:3100', '[::1]:3100'];
  assert.deepEqual(await Promise.all(asked.map((host) => status(app, host))), [421, 421, 200, 200, 200]);
  assert.equal(await status(await aServer(t, { alsoHosts: ['shop.example'] }), 'shop.example'), 200);
  assert.equal(await status(await aServer(t, { host: '0.0.0.0' }), 'shop.example'), 200);
});

test('the data source is provisioned with the exporter’s address, without a slash at its end', async (t) => {
  const answer = await (await aServer(t)).inject('/api/datasources');
  assert.deepEqual(answer.json()[0].jsonData, { apiUrl: 'http://127.0.0.1:9464' });
});

test('with Prometheus there is its data source and the dashboard that asks it, else neither', async (t) => {
  const uids = async (app: Awaited<ReturnType<typeof aServer>>, path: string) =>
    ((await app.inject(path)).json() as { uid: string }[]).map(({ uid }) => uid);
  const [without, beside] = [
    await aServer(t),
    await aServer(t, { prometheus: { url: 'http://127.0.0.1:9/' } }),
  ];
  assert.deepEqual(await uids(without, '/api/datasources'), ['storepulse']);
  assert.equal((await without.inject('/api/dashboards/uid/pipeline-health')).statusCode, 404);
  assert.deepEqual(await uids(beside, '/api/datasources'), ['prometheus', 'storepulse']);
  assert((await uids(beside, '/api/search')).includes('pipeline-health'));
});

test('of Prometheus only its queries are passed on', async (t) => {
  const app = await aServer(t, { prometheus: { url: 'http://127.0.0.1:9' } });
  const status = async (path: string) =>
    (await app.inject(`/api/datasources/proxy/uid/prometheus/${path}`)).statusCode;
  assert.equal(await status('api/v1/query?query=up'), 502);
  assert.equal(await status('api/v1/admin/tsdb/snapshot'), 404);
  assert.equal(await status('-/quit'), 404);
});

test('the controls of the traffic are where the simulator is', async (t) => {
  const answer = await (await aServer(t)).inject('/simulator');
  assert.equal(answer.statusCode, 302);
  assert.equal(answer.headers.location, 'http://127.0.0.1:8089');
});

test('dashboards are listed and read by their uid', async (t) => {
  const app = await aServer(t);
  const hits: { uid: string }[] = (await app.inject('/api/search')).json();
  assert.deepEqual(hits.map(({ uid }) => uid).sort(), [
    'customers',
    'live',
    'operations',
    'products',
    'sales',
    'shop-overview',
    'visitor-behaviour',
  ]);
  assert.deepEqual(
    hits.find(({ uid }) => uid === 'shop-overview'),
    {
      uid: 'shop-overview',
      title: 'Shop overview',
      tags: ['storepulse', 'home'],
      url: '/d/shop-overview',
    },
  );
  assert.equal(
    (await app.inject('/api/dashboards/uid/shop-overview')).json().dashboard.title,
    'Shop overview',
  );
  assert.equal((await app.inject('/api/dashboards/uid/other')).statusCode, 404);
});

test('the built data source, icons and the typeface are served where Grafana serves them', async (t) => {
  const app = await aServer(t);
  for (const path of [
    '/public/plugins/storepulse-commerce-datasource/module.js',
    '/public/build/img/icons/unicons/sync.svg',
    '/public/build/img/icons/unicons/spinner.svg',
    '/public/fonts/inter/Inter-Medium.woff2',
  ]) {
    assert.equal((await app.inject(path)).statusCode, 200, path);
  }
});

test('the page is asked for anew each time, what it names is sent compressed and kept for ever', async (t) => {
  const app = await aServer(t);
  const page = await app.inject('/editor');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const named = [...page.body.matchAll(/(?:href|src)="(\/host\/[^"]+|[^"]*module\.js[^"]*)"/g)].map(
    ([, url]) => url!,
  );
  assert.ok(
    named.some((url) => /host-\w+\.js$/.test(url)),
    named.join(' '),
  );
  assert.ok(
    named.some((url) => /module\.js\?v=\w+$/.test(url)),
    named.join(' '),
  );
  for (const url of named) {
    const plain = await app.inject(url);
    const brotli = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
    assert.match(String(plain.headers['cache-control']), /max-age=31536000, immutable/, url);
    assert.equal(plain.headers['content-encoding'], undefined, url);
    if (plain.rawPayload.length < 1_024) continue;
    assert.equal(brotli.headers['content-encoding'], 'br', url);
    assert.deepEqual(brotliDecompressSync(brotli.rawPayload), plain.rawPayload, url);
  }
});

test('the data source’s module is not kept under an address that says nothing of it', async (t) => {
  const app = await aServer(t);
  const answer = await app.inject('/public/plugins/storepulse-commerce-datasource/module.js?v=old');
  assert.equal(answer.headers['cache-control'], 'no-cache');
});
