import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { catalog, PORTS } from '@storepulse/contracts';
import { familiesOf } from '@storepulse/exporter/metrics/families';
import { appOver } from '@storepulse/exporter/testing/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { findPromtool } from '@storepulse/local';
import { createTelemetry } from '@storepulse/processor/operate/telemetry';
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

test('Prometheus takes the configuration', () => run('check', 'config', 'prometheus.yml'));

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

test('every alert says how bad it is and what to do', () => {
  const repository = join(folder, '../..');
  for (const { alert, labels, annotations } of rules.filter((rule) => rule.alert)) {
    assert.ok(['page', 'ticket'].includes(labels?.severity ?? ''), alert);
    assert.ok(annotations?.summary && annotations.description, alert);
    assert.equal(annotations.runbook_url, `docs/runbooks/${alert}.md`);
    assert.ok(existsSync(join(repository, annotations.runbook_url)), `${alert} has no runbook`);
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
    }),
  );
  const own = [...(await app.inject('/metrics')).body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
  const processor = await createTelemetry().registry.getMetricsAsJSON();
  const exposed = new Set([
    ...own,
    ...familiesOf(catalog).map(({ name }) => name),
    ...processor.map(({ name }) => name),
  ]);
  const used = rules.flatMap(({ expr }) => expr.match(/\bstorepulse_\w+/g) ?? []);
  assert.ok(used.length > 0);
  assert.deepEqual(
    used.filter((name) => !exposed.has(name) && !exposed.has(name.replace(/_(bucket|sum|count)$/, ''))),
    [],
  );
});

test('each part is scraped at the port that it listens on', () => {
  const config = parse(read('prometheus.yml')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap((each) => each.targets));
  for (const part of ['exporter', 'processor', 'collector', 'simulator'] as const)
    assert.ok(targets.includes(`${part}:${PORTS[part]}`), part);
});
