import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { type Counts, NO_TESTS } from './counts.ts';
import type { FileTime } from './slowest.ts';

/** What came of a run of test files. */
export interface NodeTestRun {
  /** Whether no test failed and no file ended with an error. */
  readonly ok: boolean;
  readonly counts: Counts;
  /** How long each file took, in the order in which they ended. */
  readonly times: readonly FileTime[];
}

/** A test file that does not end, e.g. since it leaks a socket, fails after this time. */
const TIMEOUT_MS = 900_000;

/**
 * Runs test files with Node's own runner, each in a process of its own, and shows what it reports.
 * @param files from the root, in the order in which they begin
 * @param concurrency so many at once
 * @param output where the report goes
 */
export async function runNodeTests(
  root: string,
  files: readonly string[],
  concurrency: number,
  env: NodeJS.ProcessEnv,
  output: NodeJS.WritableStream,
): Promise<NodeTestRun> {
  const paths = files.map((file) => resolve(root, file));
  // `env` is missing in the types of Node's options.
  const options = { cwd: root, files: paths, concurrency, timeout: TIMEOUT_MS, env };
  const events = run(options);
  let ok = false;
  let counts = NO_TESTS;
  const times: FileTime[] = [];
  events.on('test:summary', ({ file, success, counts: seen, duration_ms: ms }) => {
    // Each file has a summary; the one of the whole run names no file.
    if (file !== undefined) {
      times.push({ file: file.slice(resolve(root).length + 1), ms });
      return;
    }
    ok = success;
    const { passed, failed, cancelled, skipped, todo } = seen as Required<typeof seen> & { failed: number };
    counts = { passed, failed: failed + cancelled, skipped: skipped + todo };
  });
  for await (const text of events.compose(spec)) output.write(text);
  return { ok, counts, times };
}
