import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, NO_TESTS } from './counts.ts';
import { execute } from './execute.ts';

/** The folders whose tests `node --test` runs. */
const FOLDERS = [
  'contracts',
  'simulator',
  'processor',
  'exporter',
  'grafana-plugin/preview',
  'local',
  'tests',
  'bench',
  'docs',
];
const SKIPPED = new Set(['node_modules', 'dist']);

/** A test file that does not end, e.g. since it leaks a socket, fails after this time. */
const TIMEOUT_MS = 900_000;

/** The test files of all folders, from the root; with a pattern those whose path contains it. */
export async function findTestFiles(root: string, pattern = ''): Promise<string[]> {
  const files: string[] = [];
  for (const folder of FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      const path = join(folder, entry);
      if (path.endsWith('.test.ts') && !path.split('/').some((part) => SKIPPED.has(part))) files.push(path);
    }
  }
  return files.filter((file) => file.includes(pattern)).sort();
}

/**
 * Runs test files with Node's own runner, so many at once.
 * @returns what its summary counts, and whether it was content
 */
export async function runNodeTests(
  root: string,
  files: string[],
  concurrency: number,
  env: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; counts: Counts }> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-test-'));
  const summary = join(folder, 'counts.json');
  const reporter = fileURLToPath(new URL('./counts-reporter.mjs', import.meta.url));
  try {
    const status = await execute(
      process.execPath,
      [
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${TIMEOUT_MS}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${reporter}`,
        `--test-reporter-destination=${summary}`,
        ...files,
      ],
      root,
      env,
    );
    const text = await readFile(summary, 'utf8').catch(() => '');
    return { ok: status === 0, counts: text === '' ? NO_TESTS : (JSON.parse(text) as Counts) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
