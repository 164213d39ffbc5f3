import { join } from 'node:path';
import { buildStale } from '../build.ts';
import { LocalError } from '../errors.ts';
import { ROOT } from '../paths.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { findKafka, findMongod } from '../programs/find.ts';
import { showProgress } from '../screen/bars.ts';
import { addCounts, type Counts, countsLine, NO_TESTS } from '../testing/counts.ts';
import { testEnvironment } from '../testing/environment.ts';
import { createKeptOutput, execute, type Output, screen } from '../testing/execute.ts';
import { findTestFiles, runNodeTests } from '../testing/node-tests.ts';
import { PLUGIN, runPluginTests } from '../testing/plugin-tests.ts';

interface Check {
  readonly title: string;
  readonly args: string[];
}

/** Checks that are quick, so that their faults are told first. */
const QUICK_CHECKS: readonly Check[] = [
  { title: 'lint', args: ['run', '--silent', 'lint'] },
  { title: 'types', args: ['run', '--silent', 'typecheck'] },
];
const PLUGIN_CHECKS: readonly Check[] = [
  { title: 'lint of the plugin', args: ['run', '--silent', 'lint', '-w', PLUGIN] },
  { title: 'types of the plugin', args: ['run', '--silent', 'typecheck', '-w', PLUGIN] },
];

/** Tests of this folder cross parts: on servers of their own, and mostly waiting for these. */
const ACROSS = 'tests/';
/** So many files at a time, while what keeps a core busy goes on beside them: more would make recoveries late. */
const AT_A_TIME = 2;

/** What came of some checks and tests. */
interface Result {
  readonly counts: Counts;
  /** Titles of what failed. */
  readonly failed: readonly string[];
}

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
  const { counts, failed } = pattern === undefined ? await testAll(files, env) : await testSome(files, env);
  const faults = counts.passed + counts.failed === 0 ? [...failed, 'no test ran'] : failed;
  console.log(faults.length > 0 ? `\nFailed: ${faults.join(', ')}` : '\nEverything passed.');
  console.log(countsLine(counts));
  if (faults.length > 0) process.exitCode = 1;
}

async function testSome(files: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  return nodeTests('tests', screen, { files, env, concurrency: AT_A_TIME });
}

async function testAll(files: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  const across = files.filter((file) => file.startsWith(ACROSS));
  const ofParts = files.filter((file) => !file.startsWith(ACROSS));
  const quick = await runChecks(QUICK_CHECKS, env, screen);
  const kept = createKeptOutput();
  const [first, second] = await Promise.all([
    nodeTests('tests across parts', screen, { files: across, env, concurrency: AT_A_TIME }),
    testParts(ofParts, env, kept),
  ]);
  process.stdout.write(kept.text);
  return {
    counts: addCounts(first.counts, second.counts),
    failed: [...quick, ...first.failed, ...second.failed],
  };
}

/** Checks and tests of the parts, each by itself. */
async function testParts(files: readonly string[], env: NodeJS.ProcessEnv, output: Output): Promise<Result> {
  const failed = await runChecks(PLUGIN_CHECKS, env, output);
  const node = await nodeTests('tests of the services', output, { files, env, concurrency: 1 });
  heading('tests of the plugin', output);
  const plugin = await runPluginTests(ROOT, env, output);
  return {
    counts: addCounts(node.counts, plugin.counts),
    failed: [...failed, ...node.failed, ...(plugin.ok ? [] : ['tests of the plugin'])],
  };
}

async function nodeTests(
  title: string,
  output: Output,
  options: { files: readonly string[]; env: NodeJS.ProcessEnv; concurrency: number },
): Promise<Result> {
  heading(title, output);
  if (options.files.length === 0) return { counts: NO_TESTS, failed: [] };
  const { ok, counts } = await runNodeTests(ROOT, { ...options, output });
  return { counts, failed: ok ? [] : [title] };
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

/** The tests start hundreds of processes from the same sources: each source is compiled by the first of them only. */
function compileCache({ NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled') };
}

/** @returns the titles of the checks that failed */
async function runChecks(
  checks: readonly Check[],
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, args } of checks) {
    heading(title, output);
    if ((await execute('npm', args, ROOT, env, output)) !== 0) failed.push(title);
  }
  return failed;
}

function heading(title: string, output: Output): void {
  output.line(`\n── ${title} ──`);
}
