import { join } from 'node:path';
import { buildStale } from '../build.ts';
import { LocalError, messageOf } from '../errors.ts';
import { ROOT } from '../paths.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { findKafka, findMongod } from '../programs/find.ts';
import { showProgress } from '../screen/bars.ts';
import { makeWarmStart } from '../servers/make-warm-start.ts';
import { addCounts, countsLine, NO_TESTS } from '../testing/counts.ts';
import { testEnvironment } from '../testing/environment.ts';
import { execute } from '../testing/execute.ts';
import { heading } from '../testing/heading.ts';
import { runWithoutServers, runWithServers } from '../testing/run-lanes.ts';
import { startSharedServers } from '../testing/shared-servers.ts';
import { slowestLines } from '../testing/slowest.ts';
import { findTestFiles, lanesOf, needsServers } from '../testing/test-files.ts';

/** What to run. */
export interface TestOptions {
  /** Only what needs neither a server nor a browser. */
  readonly fast: boolean;
  /** Runs the files of the pattern again whenever one of their sources changes, until Ctrl-C. */
  readonly watch: boolean;
}

/**
 * `npm test`: all checks and all tests, ending with the line `N passed, N failed, N skipped`. Exit status 1 when
 * anything failed or no test ran.
 * @param pattern only the test files of the services whose path contains it, and no other checks
 * @throws {LocalError} `no_tests` when there is none, or `--watch` has no pattern
 */
export async function test(
  environment: NodeJS.ProcessEnv,
  pattern: string | undefined,
  { fast, watch }: TestOptions,
): Promise<void> {
  if (watch && pattern === undefined) {
    throw new LocalError(
      'no_tests',
      'What shall be watched? Name a part of a path: npm test -- --watch processor/',
    );
  }
  const found = await findTestFiles(ROOT, pattern);
  const files = fast ? found.filter((file) => !needsServers(file)) : found;
  if (files.length === 0) {
    const which = fast ? ', of those that need no server,' : '';
    throw new LocalError('no_tests', `No test file's path${which} contains "${pattern ?? ''}".`);
  }
  const env = { ...testEnvironment(environment), ...compileCache(environment) };
  const withServers = files.some(needsServers);
  await prepare(env, withServers);
  await using stack = new AsyncDisposableStack();
  const shared = withServers ? stack.use(await startSharedServers()) : undefined;
  const testEnv = { ...env, ...shared?.variables };
  if (watch) {
    // Ctrl-C reaches Node's runner as well; once that has ended, the servers do.
    process.once('SIGINT', () => undefined);
    process.exitCode = await execute(process.execPath, ['--test', '--watch', ...files], ROOT, testEnv);
    return;
  }
  await runAll(files, pattern === undefined, { env, testEnv });
}

async function runAll(
  files: readonly string[],
  everything: boolean,
  { env, testEnv }: { env: NodeJS.ProcessEnv; testEnv: NodeJS.ProcessEnv },
): Promise<void> {
  const lanes = lanesOf(files);
  const outcomes = await Promise.all([
    runWithServers(lanes, testEnv),
    runWithoutServers(lanes, everything, { env, testEnv }),
  ]);
  const runs = outcomes.flatMap((outcome) => outcome.runs);
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const counts = runs.map((run) => run.counts).reduce(addCounts, NO_TESTS);
  if (counts.passed + counts.failed === 0) failed.push('no test ran');
  heading('the files that took longest');
  for (const line of slowestLines(runs.flatMap(({ times }) => times))) console.log(line);
  console.log(failed.length > 0 ? `\nFailed: ${failed.join(', ')}` : '\nEverything passed.');
  console.log(countsLine(counts));
  if (failed.length > 0) process.exitCode = 1;
}

/** Fetches and builds what the tests need, so that none of them waits for it. */
async function prepare(environment: NodeJS.ProcessEnv, withServers: boolean): Promise<void> {
  const progress = showProgress(process.stdout);
  const find = { environment, cacheFolder: cacheFolder(environment), progress };
  const prepareKafka = async () => {
    const programs = await findKafka(find);
    await makeWarmStart(programs, find.cacheFolder).catch((error: unknown) =>
      console.log(`Each start of Kafka takes two seconds more: ${messageOf(error)}.`),
    );
  };
  try {
    await Promise.all([...(withServers ? [prepareKafka(), findMongod(find)] : []), buildStale(ROOT)]);
  } finally {
    progress.close();
  }
}

/** The tests start hundreds of processes from the same sources: each source is compiled by the first of them only. */
function compileCache({ NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled') };
}
