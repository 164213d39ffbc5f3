import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
const TIMEOUT_MS = 2_400_000;

/** Runs the files that it gets hold of. */
const MANY_FILES = join(import.meta.dirname, 'many-files.ts');

/**
 * Runs the test files of a phase with Node's own runner, and shows what it reports. They begin in the order in which they
 * are given.
 * @param root what the paths of the files begin at
 * @param output where the report goes
 */
export async function runNodeTests(
  root: string,
  { files, concurrency }: Phase,
  env: NodeJS.ProcessEnv,
  output: NodeJS.WritableStream,
): Promise<NodeTestRun> {
  const claims = await mkdtemp(join(tmpdir(), 'storepulse-claims-'));
  // `env` is missing in the types of Node's options.
  const options = {
    ...{ cwd: root, env, files: [MANY_FILES], timeout: TIMEOUT_MS },
    argv: [claims, ...files.map((file) => resolve(root, file))],
  };
  try {
    const processes = Array.from({ length: Math.min(concurrency, files.length) }, () =>
      watch(root, run(options), output),
    );
    const runs = await Promise.all(processes);
    return {
      ok: runs.every(({ ok }) => ok),
      counts: runs.map(({ counts }) => counts).reduce(addCounts, NO_TESTS),
      times: runs.flatMap(({ times }) => times),
    };
  } finally {
    await rm(claims, { recursive: true });
  }
}

async function watch(
  root: string,
  events: ReturnType<typeof run>,
  output: NodeJS.WritableStream,
): Promise<NodeTestRun> {
  let ok = false;
  let counts = NO_TESTS;
  const times: FileTime[] = [];
  /** Each file is a test around its own, and a process that finds no file left is one test: these are not counted. */
  const around = { passed: 0, failed: 0 };
  events.on('test:summary', ({ file, success, counts: seen }) => {
    // Each process has a summary; the one of the whole run names no file.
    if (file !== undefined) return;
    ok = success;
    const { passed, failed, cancelled, skipped, todo } = seen as Required<typeof seen> & { failed: number };
    counts = {
      passed: passed - around.passed,
      failed: failed + cancelled - around.failed,
      skipped: skipped + todo,
    };
  });
  const isAround = ({ file, nesting }: { file?: string; nesting: number }) =>
    file === MANY_FILES && nesting === 0;
  const note = ({ name, details }: { name: string; details: { duration_ms: number } }) => {
    if (name !== MANY_FILES) times.push({ file: relative(root, name), ms: details.duration_ms });
  };
  events.on('test:pass', (event) => {
    if (!isAround(event)) return;
    around.passed++;
    note(event);
  });
  events.on('test:fail', (event) => {
    if (!isAround(event)) return;
    // A file that can't be loaded, and a process that ends, have no test that fails in their place.
    if ((event.details.error as { failureType?: string }).failureType === 'subtestsFailed') around.failed++;
    note(event);
  });
  for await (const text of events.compose(spec)) output.write(text);
  return { ok, counts, times };
}
