// Takes over 60 s: metrics are counted three times, before, during and after a rebuild, by processes of their own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { catalog, defineCatalog, type MetricSpec, type StoredMetric } from '@storepulse/contracts';
import { bundledArguments } from '@storepulse/local/parts/bundle';
import { ROOT } from '@storepulse/local/paths';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { count, figures, of, untilSettled } from './counting.ts';
import { makeVisits, send, theShop } from './visits.ts';

const HOUR = 3_600_000;
/** Before anything that the test tells. */
const LONG_AGO = '2020-01-01';
/** Metrics that come to the catalogue in the middle: over events, over facts, and over visits settled and not. */
const NEW = ['cart_adds', 'buyers', 'bounced_sessions', 'time_to_purchase'];
/** One whose definition changes. */
const CHANGED = 'units';
const REBUILT = [...NEW, CHANGED];

const all = [...catalog.groups.values()].flat();
const catalogOf = (metrics: readonly MetricSpec[]) =>
  defineCatalog({ metrics, dimensions: [...catalog.dimensions.values()] });
const before = catalogOf(
  all
    .filter(({ name }) => !NEW.includes(name))
    .map((metric) =>
      metric.name === CHANGED ? ({ ...metric, revision: 99, of: 1_000 } as StoredMetric) : metric,
    ),
);

const rebuild = (pipeline: Pipeline, ...args: string[]) =>
  runProgram(PROGRAMS.rebuild, args, pipeline.settings, pipeline.onStop);

test('metrics rebuilt from the log equal a run that counted them from the start', async (t) => {
  await using servers = await useServers();
  const pipeline = servers.pipeline('rebuild');
  const middle = Date.now() - 5 * HOUR;
  const visits = makeVisits(600, middle);
  const told = visits.filter(({ eventTime }) => eventTime <= middle);
  const later = visits.filter(({ eventTime }) => eventTime > middle);

  const first = await count(pipeline, before, { shiftMs: middle - Date.now() });
  await send(pipeline, [theShop, ...told]);
  await untilDrained(pipeline);
  await until(
    'visits that ended long before are settled, others are open',
    () => pipeline.db.collection('sessions').distinct('settled'),
    (settled) => settled.length === 2,
  );
  await first.stop();

  await t.test('the processor refuses the changed definition and names the command', async () => {
    const { status, stderr } = await runProgram(PROGRAMS.processor, [], {
      ...pipeline.settings,
      PROCESSOR_PORT: '0',
    });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`npm run rebuild -- --metric ${CHANGED}`));
  });
  await t.test('the changed definition is counted anew while no processor runs', async () => {
    const { status, stderr } = await rebuild(pipeline, '--metric', CHANGED);
    assert.equal(status, 0, stderr);
  });

  const second = await count(pipeline, catalog);
  await t.test('killed and run again, it goes on, while the processor counts what comes', async () => {
    const child = spawn(
      process.execPath,
      [...(await bundledArguments(ROOT, PROGRAMS.rebuild)), '--metric', NEW[0]!],
      {
        env: { ...process.env, ...pipeline.settings },
        stdio: 'ignore',
      },
    );
    pipeline.onStop(async () => child.kill('SIGKILL'));
    await until(
      'the rebuild has committed something',
      () => pipeline.db.collection('rebuild-checkpoints').countDocuments({ seq: { $gt: 0 } }),
      (n) => n > 0,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    await send(pipeline, later);
    const { status, stderr } = await rebuild(pipeline, '--metric', NEW[0]!);
    assert.equal(status, 0, stderr);
  });
  for (const metric of NEW.slice(1)) {
    await t.test(`${metric} is rebuilt`, async () => {
      const { status, stderr } = await rebuild(pipeline, '--metric', metric, '--from', LONG_AGO);
      assert.equal(status, 0, stderr);
    });
  }
  await untilDrained(pipeline);
  await untilSettled(pipeline.db);
  await untilDrained(pipeline);
  await second.stop();
  const evolved = await figures(pipeline.db, catalog);

  const { db } = servers.pipeline('fresh');
  const fresh = await count(pipeline, catalog, { database: db.databaseName });
  const fromStart = { ...pipeline, db };
  const untilFresh = () =>
    untilDrained({ ...fromStart, checkpoints: fromStart.db.collection('checkpoints') });
  await untilFresh();
  await untilSettled(fromStart.db);
  await untilFresh();
  await fresh.stop();
  const expected = await figures(fromStart.db, catalog);

  for (const metric of REBUILT) {
    await t.test(`every window has ${metric} as if it had always been counted`, () => {
      const wanted = of(expected, (name) => name === metric);
      assert.ok(Object.keys(wanted).length > 0);
      assert.deepEqual(
        of(evolved, (name) => name === metric),
        wanted,
      );
    });
  }
  await t.test('the other metrics are untouched', () => {
    const isOther = (name: string) => !REBUILT.includes(name);
    assert.deepEqual(of(evolved, isOther), of(expected, isOther));
  });
  await t.test('a metric that was counted from the beginning has nothing to rebuild', async () => {
    const { status, stdout } = await rebuild(pipeline, '--metric', 'orders');
    assert.equal(status, 0);
    assert.match(stdout, /nothing to do/);
  });
  await t.test('done once, it is not done again', async () => {
    for (const args of [[CHANGED], [NEW[1]!, '--from', LONG_AGO]]) {
      const { status, stdout } = await rebuild(pipeline, '--metric', ...args);
      assert.equal(status, 0);
      assert.match(stdout, /rebuilt already/);
    }
  });
  await t.test('it leaves nothing behind but the windows', async () => {
    const names = (await pipeline.db.listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    assert.deepEqual(
      names.filter((name) => name.startsWith('rebuild-')),
      ['rebuild-checkpoints'],
    );
    assert.equal(await pipeline.db.collection('rebuild-checkpoints').countDocuments(), 0);
  });
  await t.test('the list tells what is counted since when', async () => {
    const { stdout } = await rebuild(pipeline);
    assert.match(stdout, /^orders +1 +the beginning$/m);
    assert.match(stdout, new RegExp(`^${CHANGED} +2 +\\S+Z +the beginning$`, 'm'));
  });
  const refusals = await Promise.all(
    REFUSALS.map(async ([args, says]) => ({ args, says, run: await rebuild(pipeline, ...args) })),
  );
  for (const { args, says, run } of refusals) {
    await t.test(`refused: ${args.join(' ')}`, () => {
      assert.equal(run.status, 1);
      assert.match(run.stderr, says);
      assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
    });
  }
});

const REFUSALS: [string[], RegExp][] = [
  [['--metric', 'no_such'], /There is no metric no_such/],
  [['--metric', 'net_sales'], /computed when read.+gross_sales/],
  [['--metric', 'new_customers'], /business facts/],
  [['--metric', 'stock_outs'], /compacted topic products/],
  [['--metric', CHANGED, '--from', '2026-01-31'], /raise its revision/],
  [['--metric', 'orders', '--from', 'soon'], /use a date/],
  [['--forget', 'orders'], /is in the catalogue/],
];
