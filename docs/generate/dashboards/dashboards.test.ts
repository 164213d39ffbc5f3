import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { dashboards } from './index.ts';

const FOLDER = new URL('../../../provisioning/grafana/dashboards/', import.meta.url);

for (const [name, made] of Object.entries(dashboards())) {
  test(`provisioning/grafana/dashboards/${name} is what its builder says (npm run docs)`, async () => {
    assert.deepEqual(JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')), made);
  });
}
