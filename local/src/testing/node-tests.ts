import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { addCounts, type Counts, NO_TESTS } from './counts.ts';
import type { FileTime } from './slowest.ts';
import type { Phase } from './test-files.ts';

/** What came of a run of test files. */
export interface NodeTestRun {
  /** Whether no test failed and no file ended with an error. */
  readonly ok: boolean;
  readonly counts: Counts;
  /** How long each file took, in the order in which they ended. */
  readonly times: readonly FileTime[];
}

/** A process that does not end, e.g. since a test leaks a socket, fails after this time. */
const TIMEOUT_MS = 900_000;
/** The same for one that runs many files. */
const TOGETHER_TIMEOUT_MS = 2_400_000;

/** Runs those that share a process. */
const MANY_FILES = join(import.meta.dirname, 'many-files.ts');

/**
 * Runs the test files of a phase with Node's own runner, and shows what it reports.
 * @param root what the paths of the files begin at
 * @param output where the report goes
 */
export async function runNodeTests(
  root: string,
  { files, together, concurrency }: Phase,
  env: NodeJS.ProcessEnv,
  output: NodeJS.WritableStream,
): Promise<NodeTestRun> {
  const absolute = (paths: readonly string[]) => paths.map((file) => resolve(root, file));
  // `env` is missing in the types of Node's options.
  const options = { cwd: root, env };
  const runs = await Promise.all([
    ...(files.length > 0
      ? [watch(root, run({ ...options, files: absolute(files), concurrency, timeout: TIMEOUT_MS }), output)]
      : []),
    ...inShares(together, Math.max(1, concurrency - files.length)).map((share) =>
      watch(
        root,
        run({ ...options, files: [MANY_FILES], argv: absolute(share), timeout: TOGETHER_TIMEOUT_MS }),
        output,
      ),
    ),
  ]);
  return {
    ok: runs.every(({ ok }) => ok),
    counts: runs.map(({ counts }) => counts).reduce(addCounts, NO_TESTS),
    times: runs.flatMap(({ times }) => times),
  };
}

/** Deals items out; no share is empty. */
function inShares<T>(items: readonly T[], most: number): T[][] {
  const shares = Array.from({ length: most }, (_, share) => items.filter((_, n) => n % most === share));
  return shares.filter((share) => share.length > 0);
}

async function watch(
  root: string,
  events: ReturnType<typeof run>,
  output: NodeJS.WritableStream,
): Promise<NodeTestRun> {
  let ok = false;
  let counts = NO_TESTS;
  const times: FileTime[] = [];
  /** Of those that share a process, each file is a test around its own: these are not counted. */
  const around = { passed: 0, failed: 0 };
  const note = (file: string, ms: number) => times.push({ file: relative(root, file), ms });
  events.on('test:summary', ({ file, success, counts: seen, duration_ms: ms }) => {
    // Each file has a summary; the one of the whole run names no file.
    if (file !== undefined) {
      if (file !== MANY_FILES) note(file, ms);
      return;
    }
    ok = success;
    const { passed, failed, cancelled, skipped, todo } = seen as Required<typeof seen> & { failed: number };
    counts = {
      passed: passed - around.passed,
      failed: failed + cancelled - around.failed,
      skipped: skipped + todo,
    };
  });
  const isAround = ({ name, file, nesting }: { name: string; file?: string; nesting: number }) =>
    file === MANY_FILES && nesting === 0 && name !== MANY_FILES;
  events.on('test:pass', (event) => {
    if (!isAround(event)) return;
    around.passed++;
    note(event.name, event.details.duration_ms);
  });
  events.on('test:fail', (event) => {
    if (!isAround(event)) return;
    // A file that can't be loaded has no test that fails in its place.
    if ((event.details.error as { failureType?: string }).failureType === 'subtestsFailed') around.failed++;
    note(event.name, event.details.duration_ms);
  });
  for await (const text of events.compose(spec)) output.write(text);
  return { ok, counts, times };
}
