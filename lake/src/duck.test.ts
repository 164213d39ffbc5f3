import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuck, quoted } from './duck.ts';

test('nothing of a file that was read stays in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'duck-'));
  const duck = await openDuck();
  try {
    const file = quoted(join(folder, 'rows.parquet'));
    await duck.run(`COPY (SELECT i, md5(i::VARCHAR) AS text FROM range(100000) t(i)) TO ${file}`);
    const [row] = await duck.rows(`SELECT max(text) AS text, count(*) AS rows FROM ${file}`);
    assert.equal(row!.rows, 100_000n);
    const held = await duck.rows('SELECT tag FROM duckdb_memory() WHERE memory_usage_bytes > 0');
    assert.deepEqual(
      held.filter(({ tag }) => tag === 'EXTERNAL_FILE_CACHE'),
      [],
    );
  } finally {
    duck.close();
    await rm(folder, { recursive: true, force: true });
  }
});
