import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openDatabase, PROJECT_FOLDER, readProject, refresh } from '@storepulse/warehouse';
import { lakeOfEvents } from '../lake-of-events.ts';
import { simulate } from '../simulated.ts';

const run = promisify(execFile);
const version = await run('dbt', ['--version']).then(
  ({ stdout }) => stdout,
  () => undefined,
);
const skip = version ? false : 'dbt is not on the PATH: pip install dbt-core==1.9.4 dbt-duckdb==1.9.3';

test('dbt runs the same files to the same figures, anew and added to', {
  skip,
  timeout: 600_000,
}, async (t) => {
  t.diagnostic(version!.trim().replaceAll(/\s+/g, ' '));
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-dbt-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'warehouse.duckdb');
  const { shop, events } = simulate(Date.UTC(2026, 2, 28, 9), 4_000, 0.04);
  const files = await lakeOfEvents(folder, new Map([[shop.shop, shop]]), events);
  const lake = { files, placeOf: (path: string) => join(folder, path), isErased: () => false };
  const ours = await openDatabase(file);
  await refresh({
    ...{ database: ours, project: readProject(), lake, scope: { kind: 'all' } },
    settledThrough: Date.UTC(2030, 0, 1),
  });
  ours.close();
  const cells = async () => {
    const database = await openDatabase(file);
    const rows = await database.rows(`
      select shop_date::varchar as day, metric, dimension, value, amount::bigint as amount from daily_cells order by all`);
    database.close();
    return rows.map((row) => Object.values(row).join('|'));
  };
  const expected = await cells();
  assert.ok(expected.length > 3_000);
  const profile = { type: 'duckdb', path: file, threads: 1 };
  await writeFile(
    join(folder, 'profiles.yml'),
    JSON.stringify({ storepulse: { target: 'duckdb', outputs: { duckdb: profile } } }),
  );
  for (const more of [['--full-refresh'], []]) {
    const where = [
      '--project-dir',
      PROJECT_FOLDER,
      '--profiles-dir',
      folder,
      '--target-path',
      join(folder, 'target'),
    ];
    const { stdout } = await run('dbt', ['build', ...where, '--log-path', folder, ...more], {
      env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
      maxBuffer: 64 * 1024 * 1024,
    });
    const done = /Done\. PASS=(\d+) WARN=0 ERROR=0 SKIP=0/.exec(stdout);
    assert.ok(done, stdout.slice(-2_000));
    t.diagnostic(`dbt build ${more.join(' ')}: ${done[1]} models and tests passed`);
    assert.deepEqual(await cells(), expected);
  }
});
