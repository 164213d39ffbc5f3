import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { dashboards } from './index.ts';

interface Made {
  panels: { title: string; targets?: { filters: { dimension: string; values: string[] }[] }[] }[];
  templating: { list: { name: string }[] };
}

const FOLDER = new URL('../../../provisioning/grafana/dashboards/', import.meta.url);

for (const [name, made] of Object.entries(dashboards())) {
  test(`provisioning/grafana/dashboards/${name} is what its builder says (npm run docs)`, async () => {
    assert.deepEqual(JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')), made);
  });
}

test('an axis of shares that are all 0 ends at 10 %, not at 10,000 %', () => {
  const { panels } = dashboards()['operations.json'] as {
    panels: { title: string; fieldConfig?: unknown }[];
  };
  const failures = panels.find(({ title }) => title === 'Payment failure rate by method');
  const { defaults } = failures!.fieldConfig as {
    defaults: { min: number; custom: { axisSoftMax: number } };
  };
  assert.deepEqual([defaults.min, defaults.custom.axisSoftMax], [0, 0.1]);
});

test('every panel of a shop counts what the choices of its dashboard leave', () => {
  const [dimensions, own] = [['country', 'channel', 'device'], ['pipeline-health.json']];
  for (const [name, made] of Object.entries(dashboards())) {
    if (own.includes(name)) continue;
    const { panels, templating } = made as Made;
    const variables = templating.list.map((variable) => variable.name);
    assert.ok(
      [...dimensions, 'shop', 'filters'].every((each) => variables.includes(each)),
      name,
    );
    for (const { title, targets = [] } of panels)
      for (const { filters } of targets)
        for (const each of dimensions)
          assert.ok(
            filters.some(({ dimension, values }) => dimension === each && values[0] === `$${each}`),
            `${name}: "${title}"`,
          );
  }
});
