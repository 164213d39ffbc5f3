import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { parse } from 'yaml';
import { repositoryPaths } from './paths.ts';
import { check, readDashboards, readDataSources } from './provisioning.ts';
import {
  type DashboardPanel,
  DashboardProvidersFile,
  DataSourcesFile,
  type PanelTarget,
} from './provisioningSchema.ts';

const { provisioning } = repositoryPaths();
const dashboards = await readDashboards(provisioning);
const dataSources = await readDataSources(provisioning, {});

interface MetricTarget extends PanelTarget {
  /** Of Prometheus. */
  expr?: string;
  metric?: string;
  groupBy?: string;
  thenBy?: string;
  /** Present on what is no figure of a metric. */
  queryType?: string;
  shop?: string;
}

const targetsOf = (panel: DashboardPanel): MetricTarget[] => panel.targets ?? [];
const allDrawn = dashboards.flatMap(({ panels }) => panels.filter(({ type }) => type !== 'row'));
const ofPrometheus = (panel: DashboardPanel) => panel.datasource?.type === 'prometheus';
/** The panels of figures from the catalogue. */
const drawn = allDrawn.filter((panel) => !ofPrometheus(panel));

test('the dashboards’ provider fits Grafana', async () => {
  const path = join(provisioning, 'dashboards', 'dashboards.yaml');
  check(DashboardProvidersFile, parse(await readFile(path, 'utf8')), path);
});

const exemplars = {
  exemplarTraceIdDestinations: dataSources.find(({ uid }) => uid === 'prometheus')!.jsonData!
    .exemplarTraceIdDestinations as { name: string; url: string }[],
};

test('an exemplar leads to the events of its order, in Explore, as the links of the plugin do', () => {
  const [{ name, url }] = exemplars.exemplarTraceIdDestinations as [{ name: string; url: string }];
  assert.equal(name, 'order_id');
  const { pathname, searchParams } = new URL(url, 'http://grafana');
  assert.deepEqual([pathname, searchParams.get('schemaVersion')], ['/explore', '1']);
  const [pane] = Object.values(
    JSON.parse(searchParams.get('panes')!) as Record<string, { queries: unknown }>,
  );
  const { uid, type } = dataSources.find(({ isDefault }) => isDefault)!;
  // What the plugin's own links to an order's events ask, with references that Grafana replaces.
  const [shop, order] = ['__data.fields.shop', '__value.raw'].map((reference) => `\${${reference}}`);
  const query = { refId: 'A', queryType: 'events', shop, datasource: { type, uid } };
  assert.deepEqual(pane, {
    ...{ datasource: uid, range: { from: 'now-7d', to: 'now' } },
    queries: [{ ...query, filters: [{ dimension: 'orderId', operator: 'in', values: [order] }] }],
  });
});

test('there is one default data source, and the addresses come from outside', () => {
  assert.deepEqual(
    dataSources.map(({ uid, isDefault = false, url, jsonData }) => ({ uid, isDefault, url, jsonData })),
    [
      { uid: 'prometheus', isDefault: false, url: '', jsonData: { timeInterval: '10s', ...exemplars } },
      { uid: 'storepulse', isDefault: true, url: undefined, jsonData: { apiUrl: '' } },
    ],
  );
});

test('the example of several data sources fits Grafana: uids differ, and one is the default', async () => {
  const path = join(provisioning, '..', '..', 'docs', 'examples', 'datasources.yaml');
  const { datasources } = check(DataSourcesFile, parse(await readFile(path, 'utf8')), path);
  assert(datasources.length > 1);
  assert.equal(new Set(datasources.map(({ uid }) => uid)).size, datasources.length);
  assert.equal(datasources.filter(({ isDefault }) => isDefault).length, 1);
});

test('every panel and variable asks the provisioned data source', () => {
  const asked = dashboards.flatMap(({ panels, templating }) => [
    ...panels.flatMap((panel) => [panel.datasource, ...targetsOf(panel).map(({ datasource }) => datasource)]),
    ...(templating?.list ?? []).map(({ datasource }) => datasource),
  ]);
  const known = dataSources.map(({ uid, type }) => `${type}/${uid}`);
  for (const reference of asked) {
    if (reference) assert(known.includes(`${reference.type}/${reference.uid}`), JSON.stringify(reference));
  }
});

test('every metric on a dashboard is in the catalogue and kept by the dimension that splits it', () => {
  for (const { title, ...panel } of drawn) {
    for (const { metric: name = '', groupBy, thenBy, queryType } of targetsOf({ title, ...panel })) {
      if (queryType) continue;
      const metric = catalog.metrics.get(name);
      assert(metric, `"${title}" names the metric "${name}", which is not in the catalogue`);
      const known = [...catalog.dimensionsOf(metric), ...catalog.timeDimensionsOf(metric)];
      for (const dimension of [groupBy, thenBy])
        if (dimension) assert(known.includes(dimension), `"${title}": ${name} by ${dimension}`);
    }
  }
});

test('every panel tells the exact definition of the metrics it shows', () => {
  for (const panel of drawn) {
    for (const { metric = '', queryType } of targetsOf(panel)) {
      if (queryType) {
        assert((panel.description ?? '').length > 40, panel.title);
        continue;
      }
      const definition = catalog.metrics.get(metric)?.description ?? '';
      assert(
        panel.description?.includes(definition),
        `"${panel.title}" lacks the definition of ${metric}: ${definition}`,
      );
    }
  }
});

test('every series that a panel asks Prometheus for is in the reference, and every such panel says what it shows', async () => {
  const reference = await readFile(
    join(provisioning, '..', '..', 'docs', 'reference', 'prometheus.md'),
    'utf8',
  );
  const asking = allDrawn.filter(ofPrometheus);
  assert(asking.length > 0);
  for (const panel of asking) {
    assert((panel.description ?? '').length > 20, panel.title);
    for (const { expr = '' } of targetsOf(panel)) {
      const names = [...expr.matchAll(/storepulse_\w+?(?=_bucket|_count|\b)/g)].map(([name]) => name);
      for (const name of names) assert(reference.includes(`\`${name}`), `"${panel.title}": ${name}`);
    }
  }
});

test('panels do not overlap, and their ids differ', () => {
  for (const { panels } of dashboards) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.equal(taken.get(`${x},${y}`), undefined, `"${title}" overlaps "${taken.get(`${x},${y}`)}"`);
          taken.set(`${x},${y}`, title);
        }
      }
    }
  }
});
