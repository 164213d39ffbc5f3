import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLUGIN, runCheck } from './checks.ts';
import { type Counts, NO_TESTS } from './counts.ts';

/** Jest's report, as far as it is read here. */
interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** Runs the plugin's tests with its own jest. @returns what its report counts, whether it was content, and what it said */
export async function runPluginTests(
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; counts: Counts; said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-jest-'));
  const file = join(folder, 'report.json');
  try {
    const args = [
      'test',
      '--silent',
      '-w',
      PLUGIN,
      '--',
      '--config=jest.together.config.js',
      '--ci',
      '--maxWorkers=2',
      '--json',
      `--outputFile=${file}`,
    ];
    // --json also prints the report; only the readable part on standard error is wanted.
    const command = ['-c', 'exec npm "$@" >/dev/null', 'npm', ...args];
    const { ok, said } = await runCheck({ command: 'sh', args: command }, root, env);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return {
      ok,
      said,
      counts: text === undefined ? NO_TESTS : countsOf(JSON.parse(text) as JestReport),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function countsOf(report: JestReport): Counts {
  return {
    passed: report.numPassedTests,
    // A file that can't be loaded has no tests to fail; it fails as one.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
