import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { withLock } from '../../bootstrap/lock.mjs';
import { LocalError, messageOf } from '../errors.ts';

/** A file that a bundle was made from, and what tells that it has changed since. */
type Input = readonly [path: string, mtimeMs: number, size: number];

/**
 * Packages that stay as they are: deep files of kafkajs are loaded by path, the checksum and DuckDB are native modules, and the
 * others read files that lie beside them.
 */
const AS_THEY_ARE = [
  'kafkajs',
  '@node-rs/crc32',
  '@duckdb/node-api',
  '@platformatic/wasm-utils',
  '@fastify/swagger',
  '@fastify/swagger-ui',
];
/** What CommonJS modules find in their scope, and modules do not. */
const COMMONJS_SCOPE = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join(' ');

/**
 * Puts a program and all that it imports into one file, unless that is done: to find and load 1,700 modules is most of
 * what a start costs.
 * @param root of the checkout, which has the packages
 * @param program its path from there
 * @returns the file that is to be run instead; it is made anew when a source or the lockfile has changed
 * @throws {LocalError} `build_failed` with the cause
 */
export async function bundle(root: string, program: string): Promise<string> {
  const name = program.replace(/\.ts$/, '').replaceAll('/', '-');
  const file = join(root, 'node_modules', '.cache', 'storepulse', 'programs', `${name}.mjs`);
  if (await isFresh(root, file)) return file;
  await mkdir(dirname(file), { recursive: true });
  // One after the other: esbuild's process is ended after each, else it stays as long as this one.
  return withLock(join(dirname(file), '.lock'), async () => {
    if (!(await isFresh(root, file))) await build(root, program, file);
    return file;
  });
}

/** The arguments with which Node runs a program as one file; errors name the lines of its sources. Like `bundle` otherwise. */
export async function bundledArguments(root: string, program: string): Promise<string[]> {
  // kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
  return ['--disable-warning=TimeoutNegativeWarning', '--enable-source-maps', await bundle(root, program)];
}

async function build(root: string, program: string, file: string): Promise<void> {
  // Only who builds pays for loading it.
  const esbuild = await import('esbuild');
  const before = Date.now();
  // As deep as where it goes: the map names the sources by relative paths.
  const made = join(`${dirname(file)}.${process.pid}`, basename(file));
  const { metafile } = await esbuild
    .build({
      absWorkingDir: root,
      entryPoints: [program],
      outfile: made,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      sourcemap: true,
      sourcesContent: false,
      external: AS_THEY_ARE,
      banner: { js: COMMONJS_SCOPE },
      plugins: [placesOfSources, usedOptions, quickStarts],
      metafile: true,
      logLevel: 'silent',
    })
    .catch((error: unknown) => {
      throw new LocalError('build_failed', `${program} could not be put into one file: ${messageOf(error)}`);
    })
    .finally(esbuild.stop);
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
  // How it is made is one of them.
  const how = relative(root, join(import.meta.dirname, 'bundle.ts'));
  const inputs = await Promise.all([...own, 'package-lock.json', how].map((path) => inputAt(root, path)));
  // What was changed meanwhile may or may not be in it.
  const sure = inputs.map(([path, mtimeMs, size]): Input => [path, mtimeMs < before ? mtimeMs : 0, size]);
  await writeFile(`${made}.inputs`, JSON.stringify(sure));
  // Each whole, since others read them meanwhile; what it was made from last, by which it counts as made.
  for (const part of ['.map', '', '.inputs']) await rename(`${made}${part}`, `${file}${part}`);
  await rm(dirname(made), { recursive: true });
}

async function isFresh(root: string, file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const text = await readFile(`${file}.inputs`, 'utf8').catch(() => '');
  if (text === '') return false;
  const same = (JSON.parse(text) as Input[]).map(async ([path, mtimeMs, size]) => {
    const now = await inputAt(root, path).catch(() => undefined);
    return now !== undefined && now[1] === mtimeMs && now[2] === size;
  });
  return (await Promise.all(same)).every(Boolean);
}

async function inputAt(root: string, path: string): Promise<Input> {
  const { mtimeMs, size } = await stat(join(root, path));
  return [path, mtimeMs, size];
}

/** Sources that look for files beside themselves find them where they are, not beside the bundle. */
const placesOfSources: Plugin = {
  name: 'places of sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    }));
  },
};

/** The Kafka client compiles the schemas of all options of all its clients when it is loaded: those that nobody uses stay out. */
const usedOptions: Plugin = {
  name: 'used options',
  setup: ({ onResolve }) => {
    onResolve(
      { filter: /\/(admin|consumer|messages-stream|producer|producer-stream|options)\.js$/ },
      ({ path, resolveDir }) =>
        resolveDir.includes('/@platformatic/kafka/')
          ? { path: join(resolveDir, path), sideEffects: false }
          : undefined,
    );
  },
};

/**
 * Work that packages do at each start or end and whose result nobody uses: the file, what is there, and what takes its place.
 * For the first two Node reads the map of all sources, a quarter of a second.
 */
const LEFT_OUT = [
  // pino asks who calls it, for writing in a thread of its own, which none of our programs wants.
  ['pino/lib/caller.js', 'return getCallSites()', 'return []; getCallSites()'],
  // The stack of an error that the client itself has made when it was closed.
  ['mongodb/lib/sdam/server_description.js', 'this.error?.stack;', ''],
  // The Kafka client's own schemas are checked against the schema of schemas, which is compiled for that.
  ['@platformatic/kafka/dist/utils.js', 'strict: true', 'strict: true, validateSchema: false'],
] as const;

const quickStarts: Plugin = {
  name: 'quick starts',
  setup: ({ onLoad }) => {
    for (const [file, there, instead] of LEFT_OUT) {
      onLoad({ filter: new RegExp(`/${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes(there))
          throw new Error(`${path} is another than the one whose start is shortened`);
        return { contents: text.replace(there, instead), loader: 'js' };
      });
    }
  },
};
