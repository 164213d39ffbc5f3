import { join } from 'node:path';
import { buildStale } from '../build.ts';
import { LocalError } from '../errors.ts';
import { ROOT } from '../paths.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { findKafka, findMongod } from '../programs/find.ts';
import { showProgress } from '../screen/bars.ts';
import { addCounts, countsLine, NO_TESTS } from '../testing/counts.ts';
import { testEnvironment } from '../testing/environment.ts';
import { execute } from '../testing/execute.ts';
import { findTestFiles, runNodeTests } from '../testing/node-tests.ts';
import { PLUGIN, runPluginTests } from '../testing/plugin-tests.ts';

/** The checks beside the tests, in the order in which they are quick. */
const CHECKS: readonly { title: string; command: string; args: string[] }[] = [
  { title: 'lint', command: 'npm', args: ['run', '--silent', 'lint'] },
  { title: 'types', command: 'npm', args: ['run', '--silent', 'typecheck'] },
  { title: 'lint of the plugin', command: 'npm', args: ['run', '--silent', 'lint', '-w', PLUGIN] },
  { title: 'types of the plugin', command: 'npm', args: ['run', '--silent', 'typecheck', '-w', PLUGIN] },
];

/**
 * `npm test`: all checks and all tests, ending with the line `N passed, N failed, N skipped`. Exit status 1 when
 * anything failed or no test ran.
 * @param pattern only the tests of `node --test` whose path contains it, and no other checks
 */
export async function test(environment: NodeJS.ProcessEnv, pattern: string | undefined): Promise<void> {
  const env = { ...testEnvironment(environment), ...compileCache(environment) };
  const files = await findTestFiles(ROOT, pattern);
  if (pattern !== undefined && files.length === 0) {
    throw new LocalError('no_tests', `No test file's path contains "${pattern}".`);
  }
  await prepare(env);
  const failed = pattern === undefined ? await runChecks(env) : [];
  heading('tests of the services');
  let counts = NO_TESTS;
  let allOk = true;
  const inTurn = Map.groupBy(files, (file) => (ALONE.includes(file) ? 1 : TOGETHER));
  for (const [concurrency, some] of [...inTurn].sort(([a], [b]) => b - a)) {
    const node = await runNodeTests(ROOT, some, concurrency, env);
    allOk &&= node.ok;
    counts = addCounts(counts, node.counts);
  }
  if (!allOk) failed.push('tests of the services');
  if (pattern === undefined) {
    heading('tests of the plugin');
    const plugin = await runPluginTests(ROOT, env);
    if (!plugin.ok) failed.push('tests of the plugin');
    counts = addCounts(counts, plugin.counts);
  }
  if (counts.passed + counts.failed === 0) failed.push('no test ran');
  console.log(failed.length > 0 ? `\nFailed: ${failed.join(', ')}` : '\nEverything passed.');
  console.log(countsLine(counts));
  if (failed.length > 0) process.exitCode = 1;
}

/** Fetches and builds what the tests need, so that none of them waits for it. */
async function prepare(environment: NodeJS.ProcessEnv): Promise<void> {
  const progress = showProgress(process.stdout);
  const find = { environment, cacheFolder: cacheFolder(environment), progress };
  try {
    await Promise.all([findKafka(find), findMongod(find), buildStale(ROOT)]);
  } finally {
    progress.close();
  }
}

/** Test files that run at once: they start servers, and a machine with two cores must do. */
const TOGETHER = 2;
/** They judge recoveries while they keep both cores busy: beside others they would judge the machine. */
const ALONE: readonly string[] = ['tests/chaos/takeovers.test.ts', 'tests/online-retail.test.ts'];

/** The tests start hundreds of processes from the same sources: each source is compiled by the first of them only. */
function compileCache({ NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled') };
}

/** @returns the titles of the checks that failed */
async function runChecks(env: NodeJS.ProcessEnv): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, command, args } of CHECKS) {
    heading(title);
    if ((await execute(command, args, ROOT, env)) !== 0) failed.push(title);
  }
  return failed;
}

function heading(title: string): void {
  console.log(`\n── ${title} ──`);
}
