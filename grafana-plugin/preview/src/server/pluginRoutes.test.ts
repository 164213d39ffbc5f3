import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readBuiltPlugin } from './pluginRoutes.ts';
import type { ProvisionedDataSource } from './provisioningSchema.ts';

const PLUGIN = {
  id: 'x',
  name: 'X',
  routes: [
    {
      path: 'api/v1/',
      url: '{{ .JsonData.apiUrl }}/api/v1/',
      headers: [
        {
          name: 'Authorization',
          content: '{{ if .SecureJsonData.apiKey }}Bearer {{ .SecureJsonData.apiKey }}{{ end }}',
        },
      ],
    },
  ],
};

async function aPlugin(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-plugin-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'plugin.json'), JSON.stringify(PLUGIN));
  return readBuiltPlugin(folder);
}

const aSource = (changes: Partial<ProvisionedDataSource> = {}): ProvisionedDataSource => ({
  name: 'Storepulse',
  uid: 'storepulse',
  type: 'x',
  access: 'proxy',
  jsonData: { apiUrl: 'http://exporter:9464' },
  secureJsonData: { apiKey: 'secret' },
  ...changes,
});

test('a request goes where the route says, with the key', async (t) => {
  const plugin = await aPlugin(t);
  assert.deepEqual(plugin.target(aSource(), 'api/v1/query'), {
    url: 'http://exporter:9464/api/v1/query',
    headers: { authorization: 'Bearer secret' },
  });
});

test('a path that no route has goes nowhere, so the key is not sent with it', async (t) => {
  const plugin = await aPlugin(t);
  assert.equal(plugin.target(aSource(), 'api/v1'), undefined);
  assert.equal(plugin.target(aSource(), 'metrics'), undefined);
});

test('a setting that is missing shows as in Grafana', async (t) => {
  const plugin = await aPlugin(t);
  const target = plugin.target(aSource({ jsonData: {} }), 'api/v1/query');
  assert.equal(target?.url, '<no value>/api/v1/query');
});

test('a key that is missing or empty is no key, not one that is called <no value>', async (t) => {
  const plugin = await aPlugin(t);
  for (const secureJsonData of [{}, { apiKey: '' }]) {
    const target = plugin.target(aSource({ secureJsonData }), 'api/v1/query');
    assert.equal(target?.headers.authorization, '');
  }
});

test('headers of the data source’s own go with the request, up to the first without a name', async (t) => {
  const source = aSource({
    jsonData: { apiUrl: 'http://exporter:9464', httpHeaderName1: 'X-Tenant', httpHeaderName3: 'X-Lost' },
    secureJsonData: { httpHeaderValue1: 'retail', httpHeaderValue3: 'lost' },
  });
  assert.deepEqual((await aPlugin(t)).target(source, 'api/v1/query')?.headers, {
    authorization: '',
    'x-tenant': 'retail',
  });
});

test('a plugin that is not built says how to build it', async () => {
  await assert.rejects(readBuiltPlugin('/nowhere'), /npm run build -w storepulse-commerce-datasource/);
});
