import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { withLock } from '../bootstrap/lock.mjs';
import { LocalError, messageOf } from './errors.ts';
import { run } from './programs/run.ts';

/** Something that is built from sources before the stack can serve it. */
export interface Build {
  /** In a reader's words. */
  title: string;
  /** The npm workspace whose `build` script makes it. */
  workspace: string;
  /** Files and folders it is made from, from the root of the checkout. */
  sources: readonly string[];
  /** A file that exists once it is built. */
  output: string;
}

/** What the dashboards in the browser need. */
const BUILDS: readonly Build[] = [
  {
    title: 'Grafana data source',
    workspace: 'storepulse-commerce-datasource',
    sources: [
      'package-lock.json',
      'contracts/src',
      'grafana-plugin/.config',
      'grafana-plugin/.swcrc',
      'grafana-plugin/CHANGELOG.md',
      'grafana-plugin/LICENSE',
      'grafana-plugin/includeDashboard.ts',
      'grafana-plugin/package.json',
      'grafana-plugin/src',
      'grafana-plugin/tsconfig.json',
      'grafana-plugin/webpack.config.ts',
      'provisioning/grafana/dashboards',
    ],
    output: 'grafana-plugin/dist/module.js',
  },
  {
    title: 'dashboard preview',
    workspace: '@storepulse/preview',
    sources: [
      'package-lock.json',
      'contracts/src',
      'grafana-plugin/preview/package.json',
      'grafana-plugin/preview/src',
    ],
    output: 'grafana-plugin/preview/dist',
  },
];

const SKIPPED = new Set(['node_modules', 'dist', 'coverage']);
const BUILD_TIMEOUT_MS = 300_000;

/**
 * Builds what is missing or was built from other sources than the present ones, by content.
 * @param root of the checkout
 * @returns the titles of what was built
 * @throws {LocalError} `build_failed` with the cause
 */
export async function buildStale(root: string, builds: readonly Build[] = BUILDS): Promise<string[]> {
  const built = await Promise.all(
    builds.map(async (build) => ((await buildIfStale(root, build)) ? build.title : undefined)),
  );
  return built.filter((title) => title !== undefined);
}

async function buildIfStale(root: string, build: Build): Promise<boolean> {
  const stamp = join(
    root,
    'node_modules',
    '.cache',
    'storepulse',
    `${build.workspace.replace('/', '-')}.sources`,
  );
  if (await isFresh(root, build, stamp)) return false;
  return withLock(`${stamp}.lock`, async () => {
    if (await isFresh(root, build, stamp)) return false;
    const hash = await hashSources(root, build.sources);
    try {
      await run('npm', ['run', 'build', '--silent', '-w', build.workspace], {
        cwd: root,
        timeoutMs: BUILD_TIMEOUT_MS,
      });
    } catch (error) {
      const again = `npm run build -w ${build.workspace}`;
      throw new LocalError(
        'build_failed',
        `The ${build.title} could not be built (${messageOf(error)}). See all of it with: ${again}`,
      );
    }
    await mkdir(dirname(stamp), { recursive: true });
    await writeFile(stamp, hash);
    return true;
  });
}

async function isFresh(root: string, build: Build, stamp: string): Promise<boolean> {
  if (!existsSync(join(root, build.output))) return false;
  const builtFrom = await readFile(stamp, 'utf8').catch(() => undefined);
  return builtFrom === (await hashSources(root, build.sources));
}

/** One hash over the names and contents of all files under these paths. */
async function hashSources(root: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesUnder(join(root, source))) {
      hash
        .update(relative(root, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** The files under a path, in a stable order; none when it does not exist. */
async function filesUnder(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !SKIPPED.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => filesUnder(join(path, entry.name))),
  );
  return nested.flat();
}
