import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { catalog, PORTS } from '@storepulse/contracts';
import { familiesOf } from '@storepulse/exporter/metrics/families';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { findPromtool } from '@storepulse/local';
import { createTelemetry } from '@storepulse/processor/operate/telemetry';
import { parse } from 'yaml';

const folder = fileURLToPath(new URL('../../provisioning/prometheus', import.meta.url));
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
let promtool: string;

before(async () => {
  promtool = await findPromtool();
});

function run(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test('Prometheus takes the configuration', () => run('check', 'config', 'prometheus.yml'));

test('the recording rules compute what they promise', () =>
  run('test', 'rules', 'tests/storepulse.rules.test.yml'));

test('every rule has a test', () => {
  const { groups } = parse(read('rules/storepulse.rules.yml')) as {
    groups: { rules: { record: string }[] }[];
  };
  const tests = read('tests/storepulse.rules.test.yml');
  const records = groups.flatMap(({ rules }) => rules.map(({ record }) => record));
  assert.ok(records.length > 0);
  assert.deepEqual(
    records.filter((record) => !tests.includes(record)),
    [],
  );
});

test('the rules read only metrics that the parts expose', async () => {
  const app = await appOver(
    createMemoryStore({
      shops: [makeShop()],
      documents: [],
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
  const { groups } = parse(read('rules/storepulse.rules.yml')) as { groups: { rules: { expr: string }[] }[] };
  const used = groups.flatMap(({ rules }) =>
    rules.flatMap(({ expr }) => expr.match(/\bstorepulse_\w+/g) ?? []),
  );
  assert.ok(used.length > 0);
  assert.deepEqual(
    used.filter((name) => !exposed.has(name)),
    [],
  );
});

test('each part is scraped at the port that it listens on', () => {
  const config = parse(read('prometheus.yml')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap((each) => each.targets));
  for (const part of ['exporter', 'processor', 'simulator'] as const)
    assert.ok(targets.includes(`${part}:${PORTS[part]}`), part);
});
