import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PreviewError } from './errors.ts';
import { readDashboards, readDataSources } from './provisioning.ts';

/** A provisioning folder with these files. */
async function folderWith(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-provisioning-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'datasources'));
  await mkdir(join(folder, 'dashboards'));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return folder;
}

const SOURCE = `
apiVersion: 1
datasources:
  - { name: Storepulse, uid: storepulse, type: x, access: proxy, jsonData: { apiUrl: '\${URL}' } }
`;

test('a data source is read with its variables replaced', async (t) => {
  const folder = await folderWith(t, { 'datasources/a.yaml': SOURCE });
  const [source] = await readDataSources(folder, { URL: 'http://exporter:9464' });
  assert.deepEqual(source?.jsonData, { apiUrl: 'http://exporter:9464' });
});

test('a file without apiVersion is refused: Grafana would drop half of it in silence', async (t) => {
  const folder = await folderWith(t, { 'datasources/a.yaml': SOURCE.replace('apiVersion: 1', '') });
  await assert.rejects(readDataSources(folder, {}), /a\.yaml does not fit:[\s\S]*apiVersion/);
});

test('a misspelt key is refused: Grafana would ignore it in silence', async (t) => {
  const folder = await folderWith(t, { 'datasources/a.yaml': SOURCE.replace('jsonData', 'jsondata') });
  await assert.rejects(readDataSources(folder, {}), /datasources\/0/);
});

test('TLS settings, which Grafana would use and the preview does not, are refused by name', async (t) => {
  const tls = SOURCE.replace('jsonData: {', 'jsonData: { tlsSkipVerify: true,');
  const folder = await folderWith(t, { 'datasources/a.yaml': tls });
  await assert.rejects(readDataSources(folder, {}), /a\.yaml: "Storepulse" has tlsSkipVerify/);
});

test('a file that is no YAML is named', async (t) => {
  const folder = await folderWith(t, { 'datasources/a.yaml': 'a: [' });
  await assert.rejects(readDataSources(folder, {}), /a\.yaml can't be parsed/);
});

test('a dashboard that does not fit is named with the place', async (t) => {
  const dashboard = {
    uid: 'x',
    title: 'X',
    schemaVersion: 41,
    time: { from: 'now-1h', to: 'now' },
    panels: [{ id: 1 }],
  };
  const folder = await folderWith(t, { 'dashboards/x.json': JSON.stringify(dashboard) });
  await assert.rejects(readDashboards(folder), /x\.json does not fit:[\s\S]*\/panels\/0/);
});

test('a folder that is not there is named', async () => {
  await assert.rejects(readDashboards('/nowhere'), (error) => {
    assert(error instanceof PreviewError);
    return /\/nowhere\/dashboards can't be read/.test(error.message);
  });
});
