import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders whose tests `node:test` runs. */
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

/** Folders within `tests/` that need neither a server nor a browser, as everything outside of `tests/`. */
const WITHOUT_SERVERS = /^tests\/(.*\/)?(support|provisioning)\//;

/** Those that take longest, longest first: they begin first, so that none of them is what a run waits for at its end. */
export const LONGEST: readonly string[] = [
  'tests/chaos/takeovers.test.ts',
  'tests/online-retail.test.ts',
  'tests/chaos/endings.test.ts',
  'tests/rebuild/rebuild.test.ts',
  'tests/operations.test.ts',
  'tests/chaos/servers.test.ts',
  'tests/pipe.test.ts',
  'tests/chaos/events.test.ts',
  'tests/simulator/verify.test.ts',
  'tests/own-servers.test.ts',
];

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

/** Whether a test file starts a server or a browser. */
export function needsServers(file: string): boolean {
  return file.startsWith('tests/') && !WITHOUT_SERVERS.test(file);
}

/** The order in which to run test files: the longest first, then those with servers, then the rest. */
export function inOrder(files: readonly string[]): string[] {
  const rank = (file: string) => {
    const place = LONGEST.indexOf(file);
    if (place >= 0) return place;
    return LONGEST.length + (needsServers(file) ? 0 : 1);
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
