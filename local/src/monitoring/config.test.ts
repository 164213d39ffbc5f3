import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from '../paths.ts';
import { alertmanagerConfig } from './alertmanager-config.ts';
import { prometheusConfig, type Watched } from './prometheus-config.ts';
import type { TimeScale } from './scale-rules.ts';

const committed = (path: string) => readFileSync(join(ROOT, 'provisioning', path), 'utf8');
const local = committed('prometheus/local.yml');

interface Config {
  readonly global: Readonly<Record<string, string>>;
  readonly rule_files: readonly string[];
  readonly alerting?: unknown;
  readonly scrape_configs: readonly {
    job_name: string;
    scheme?: string;
    authorization?: { credentials_file: string };
    static_configs: { targets: string[] }[];
  }[];
}
const configOf = (change: Partial<Watched>, text = local) =>
  parse(
    prometheusConfig(text, {
      folder: '/committed',
      parts: { exporter: 'http://127.0.0.1:1001', processor: 'https://127.0.0.1:1002' },
      self: '127.0.0.1:1003',
      alertmanager: undefined,
      ruleFiles: ['/rules/*.yml'],
      scale: 1 as TimeScale,
      ...change,
    }),
  ) as Config;

test('Prometheus scrapes the parts that run, where they run, and itself', () => {
  const jobs = configOf({}).scrape_configs.map(
    ({ job_name, scheme = 'http', static_configs }) =>
      `${job_name} ${scheme} ${static_configs[0]?.targets.join()}`,
  );
  assert.deepEqual(jobs, [
    'prometheus http 127.0.0.1:1003',
    'storepulse-exporter http 127.0.0.1:1001',
    'storepulse-processor https 127.0.0.1:1002',
  ]);
});

test('Prometheus asks an exporter that is closed with the key of a file', () => {
  const authorizations = (exporterKeyFile?: string) =>
    configOf({ exporterKeyFile }).scrape_configs.map(({ authorization }) => authorization?.credentials_file);
  assert.deepEqual(authorizations('/run/exporter.key'), [undefined, '/run/exporter.key', undefined]);
  assert.deepEqual(authorizations(), [undefined, undefined, undefined]);
});

test('a key of one’s own for a scrape is found from anywhere', () => {
  const withKey = local.replace(
    '  - job_name: storepulse-exporter\n',
    '  - job_name: storepulse-exporter\n    authorization: { credentials_file: exporter.key }\n',
  );
  const { scrape_configs: jobs } = configOf({}, withKey);
  const job = jobs.find(({ job_name }) => job_name === 'storepulse-exporter');
  assert.deepEqual(job?.authorization, { credentials_file: '/committed/exporter.key' });
});

test('Prometheus looks as often as in production, and on a scale at most once a second', () => {
  assert.deepEqual(configOf({}).global, (parse(local) as Config).global);
  const intervals = (scale: number) => Object.values(configOf({ scale: scale as TimeScale }).global);
  assert.deepEqual(intervals(2), ['5s', '2500ms', '5s']);
  assert.deepEqual(intervals(60), ['1s', '1s', '1s']);
});

test('Prometheus tells Alertmanager where there is one', () => {
  assert.equal(configOf({}).alerting, undefined);
  assert.deepEqual(configOf({ alertmanager: '127.0.0.1:1004' }).alerting, {
    alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1004'] }] }],
  });
});

interface Route {
  readonly receiver: string;
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}
const told = (text: string, scale = 1) =>
  parse(
    alertmanagerConfig(text, {
      receiver: 'http://127.0.0.1:1/alerts',
      templates: '/t/*.tmpl',
      scale: scale as TimeScale,
    }),
  ) as { route: Route; receivers: { name: string; webhook_configs?: { url: string }[] }[] };

test('Alertmanager tells the page what it would tell nobody', () => {
  const { route, receivers } = told(committed('alertmanager/alertmanager.yml'));
  const added = receivers.at(-1)!;
  assert.equal(added.webhook_configs?.[0]?.url, 'http://127.0.0.1:1/alerts');
  assert.equal(route.receiver, added.name);
  assert.deepEqual(
    route.routes?.map(({ receiver }) => receiver),
    [added.name],
  );
});

test('a receiver of one’s own stays', () => {
  const text = committed('alertmanager/alertmanager.yml').replace(
    'receiver: page-only\n  # One',
    'receiver: chat\n  # One',
  );
  const { route } = told(text);
  assert.equal(route.receiver, 'chat');
  assert.notEqual(route.routes?.[0]?.receiver, 'page-only');
});

test('Alertmanager waits on the time scale, a second at least', () => {
  const { route } = told(committed('alertmanager/alertmanager.yml'), 20);
  const { group_wait, group_interval, repeat_interval, routes } = route;
  assert.deepEqual([group_wait, group_interval, repeat_interval], ['1500ms', '15s', '36m']);
  assert.equal(routes?.[0]?.group_wait, '1s');
});
