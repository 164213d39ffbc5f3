import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTelemetry as createArchiverTelemetry } from '@storepulse/archiver';
import { createTelemetry as createCollectorTelemetry } from '@storepulse/collector/http/telemetry';
import { appOver as collectorOver } from '@storepulse/collector/testing/app';
import { catalog, PORTS } from '@storepulse/contracts';
import { familiesOf } from '@storepulse/exporter/metrics/families';
import { appOver } from '@storepulse/exporter/testing/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { findPromtool } from '@storepulse/local';
import { scaleRules, type TimeScale } from '@storepulse/local/monitoring/scale-rules';
import { createTelemetry } from '@storepulse/processor/operate/telemetry';
import { createControlServer } from '@storepulse/simulator/http/server';
import { createMetrics } from '@storepulse/simulator/run/metrics';
import { createSimulator } from '@storepulse/simulator/run/simulator';
import pino from 'pino';
import { parse } from 'yaml';

const folder = fileURLToPath(new URL('../../provisioning/prometheus', import.meta.url));
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const testFiles = readdirSync(join(folder, 'tests')).map((name) => `tests/${name}`);

interface Rule {
  readonly expr: string;
  readonly record?: string;
  readonly alert?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
const rules = readdirSync(join(folder, 'rules')).flatMap((name) => {
  const { groups } = parse(read(`rules/${name}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});

let promtool: string;

before(async () => {
  promtool = await findPromtool();
});

function run(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

for (const file of ['prometheus.yml', 'local.yml']) {
  test(`Prometheus takes the configuration ${file}`, () => run('check', 'config', file));
}

test('promtool takes the rules on every time scale', () => {
  const scaled = mkdtempSync(join(tmpdir(), 'storepulse-rules-'));
  try {
    for (const scale of [2, 7, 30, 60]) {
      for (const name of readdirSync(join(folder, 'rules'))) {
        writeFileSync(
          join(scaled, `${scale}-${name}`),
          scaleRules(read(`rules/${name}`), scale as TimeScale),
        );
      }
    }
    run('check', 'rules', ...readdirSync(scaled).map((name) => join(scaled, name)));
  } finally {
    rmSync(scaled, { recursive: true });
  }
});

test('the rules compute and alert as they promise', () => run('test', 'rules', ...testFiles));

test('every rule has a test', () => {
  const tests = testFiles.map(read).join('');
  const names = rules.map(({ record, alert }) => record ?? alert!);
  assert.ok(names.length > 0);
  assert.deepEqual(
    names.filter((name) => !tests.includes(name)),
    [],
  );
});

test('every alert is tested three times at least: that it fires, and that it does not', () => {
  interface AlertTest {
    readonly alertname: string;
    readonly exp_alerts: readonly object[];
  }
  const files = testFiles
    .map(read)
    .map((text) => parse(text) as { tests: { alert_rule_test?: AlertTest[] }[] });
  const cases = files.flatMap(({ tests }) => tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test));
  for (const { alert } of rules.filter((rule) => rule.alert)) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    assert.ok(own.length >= 3, `${alert} is tested ${own.length} times`);
    assert.ok(
      own.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${alert} is never seen to fire`,
    );
    assert.ok(
      own.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${alert} is never seen not to fire`,
    );
  }
});

test('every alert says how bad it is, what to do and where to look', () => {
  const repository = join(folder, '../..');
  const dashboards = readdirSync(join(repository, 'provisioning/grafana/dashboards'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(read(`../grafana/dashboards/${name}`)) as { uid: string });
  for (const { alert, labels, annotations } of rules.filter((rule) => rule.alert)) {
    assert.ok(['page', 'ticket'].includes(labels?.severity ?? ''), alert);
    assert.ok(annotations?.summary && annotations.description, alert);
    assert.equal(annotations.runbook_url, `docs/runbooks/${alert}.md`);
    assert.ok(existsSync(join(repository, annotations.runbook_url)), `${alert} has no runbook`);
    const isThere = dashboards.some(({ uid }) => annotations.dashboard_url === `/d/${uid}`);
    assert.ok(isThere, `${alert} has no dashboard`);
  }
  const alerts = rules.flatMap(({ alert }) => alert ?? []);
  const runbooks = readdirSync(join(repository, 'docs/runbooks')).map((name) => name.replace(/\.md$/, ''));
  assert.deepEqual(runbooks.sort(), alerts.sort());
});

test('the rules read only metrics that the parts expose', async () => {
  const shop = makeShop();
  // More than the budget has a place for, so that what is dropped is told too.
  const manyCountries = Array.from({ length: 120 }, (_, i) => ({
    time: 0,
    adds: { orders: 1 },
    dimensions: { country: `Country ${i}` },
  }));
  const app = await appOver(
    createMemoryStore({
      shops: [shop],
      documents: documentsOf(catalog, shop, manyCountries),
      progress: [{ offsets: { transactions: 1 }, watermarks: { a: 1 }, latest: { a: 1 } }],
      warehouse: {
        ...{ succeededAt: new Date(0), isFailing: false },
        reconciled: { at: new Date(0), differences: 0 },
      },
    }),
  );
  const own = [...(await app.inject('/metrics')).body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
  const processor = await createTelemetry().registry.getMetricsAsJSON();
  const simulated = createMetrics();
  simulated.watch(() => ({
    state: 'running',
    profile: { profile: 'poisson', rate: 1 },
    faults: {},
    scenarios: [],
    requestedRate: 1,
    achievedRate: 1,
    sent: 0,
    queued: 0,
    shed: 0,
    waiting: 0,
    madeUntil: null,
  }));
  // What serves HTTP registers its own, too.
  await createControlServer({
    ...{
      simulator: createSimulator({
        ...{ sink: { send: async () => {} }, onEmission: () => {} },
        clock: { now: () => 0, sleepUntil: async () => {} },
      }),
      registry: simulated.registry,
      now: () => 0,
    },
    logger: pino({ level: 'silent' }),
  });
  const simulator = await simulated.registry.getMetricsAsJSON();
  const telemetry = createCollectorTelemetry();
  await collectorOver([], { telemetry });
  const collector = await telemetry.registry.getMetricsAsJSON();
  const archiver = await createArchiverTelemetry().registry.getMetricsAsJSON();
  const exposed = new Set([
    ...own,
    ...familiesOf(catalog).map(({ name }) => name),
    ...processor.map(({ name }) => name),
    ...simulator.map(({ name }) => name),
    ...collector.map(({ name }) => name),
    ...archiver.map(({ name }) => name),
  ]);
  const recorded = rules.flatMap(({ record }) => record ?? []);
  const usedRecords = rules.flatMap(({ expr }) => expr.match(/\b\w+:storepulse_\w+:\w+/g) ?? []);
  assert.deepEqual(
    usedRecords.filter((name) => !recorded.includes(name)),
    [],
  );
  const used = rules.flatMap(({ expr }) => expr.match(/(?<![:\w])storepulse_\w+/g) ?? []);
  assert.ok(used.length > 0);
  assert.deepEqual(
    used.filter((name) => !exposed.has(name) && !exposed.has(name.replace(/_(bucket|sum|count)$/, ''))),
    [],
  );
});

interface PrometheusConfig {
  readonly scrape_configs: readonly { job_name: string; static_configs: { targets: string[] }[] }[];
}

test('each part is scraped at the port that it listens on', () => {
  for (const [file, hostOf] of [
    ['prometheus.yml', (part: string) => part],
    ['local.yml', () => '127.0.0.1'],
  ] as const) {
    const config = parse(read(file)) as PrometheusConfig;
    for (const part of ['exporter', 'processor', 'collector', 'archiver', 'simulator'] as const) {
      const job = config.scrape_configs.find(({ job_name }) => job_name === `storepulse-${part}`);
      assert.deepEqual(job?.static_configs[0]?.targets, [`${hostOf(part)}:${PORTS[part]}`], part);
    }
  }
});

test('alerts ask for jobs that are scraped', () => {
  const { scrape_configs: jobs } = parse(read('prometheus.yml')) as PrometheusConfig;
  const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, job]) => job!));
  assert.ok(asked.length > 0);
  for (const job of asked)
    assert.ok(
      jobs.some(({ job_name }) => job_name === job),
      job,
    );
});
