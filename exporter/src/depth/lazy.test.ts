import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Which of the libraries that a program has loaded are DuckDB's. */
const LOADED = `process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects.filter((file) => file.includes('duckdb'))))`;
const loadedBy = async (program: string) => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', `${program}; ${LOADED}`], {
    cwd: import.meta.dirname,
  });
  return JSON.parse(stdout) as string[];
};

test('an exporter that reads no lake does not load DuckDB', async () => {
  const parts = `await import('../app.ts'); await import('../settings.ts')`;
  assert.deepEqual(await loadedBy(parts), []);
  const opened = `const { openDuck } = await import('@storepulse/lake'); await openDuck()`;
  assert.notDeepEqual(await loadedBy(opened), []);
});
