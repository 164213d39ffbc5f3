import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const preview = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(preview, 'dist');

/**
 * Takes the CommonJS builds of Grafana's packages: their `.mjs` builds import CommonJS modules as Node would, where
 * `default` is the whole module, and so miss the default exports of transpiled ones.
 */
const commonJsBuilds: Plugin = {
  name: 'commonjs-builds',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@grafana\// }, async ({ kind, path, importer, resolveDir, pluginData }) => {
      if (kind === 'require-call' || pluginData === 'resolving') return undefined;
      return resolve(path, { kind: 'require-call', importer, resolveDir, pluginData: 'resolving' });
    });
  },
};

/** How the CommonJS build of `@grafana/ui` loads the code editor: with everything else, although only once it is drawn. */
const REQUIRED_EDITOR =
  /Promise\.resolve\(\)\.then\(function \(\) \{ return require\(\s*(.*?)('\.\/ReactMonacoEditor\.cjs')\s*\); \}\)/s;

/**
 * Puts the code editor into a file of its own that is read once an editor is opened, without the languages that come
 * with it: the data source brings its own.
 */
const codeEditorApart: Plugin = {
  name: 'code-editor-apart',
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^monaco-editor$/ }, ({ importer, resolveDir }) =>
      resolve('monaco-editor/esm/vs/editor/edcore.main.js', {
        kind: 'import-statement',
        importer,
        resolveDir,
      }),
    );
    onLoad({ filter: /ReactMonacoEditorLazy\.cjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      // The whole CommonJS module is what an import of it has as its default.
      const contents = text.replace(REQUIRED_EDITOR, 'import($2).then((module) => module.default)');
      if (contents === text)
        throw new Error(`${path} loads the code editor in another way than is known here`);
      return { contents, loader: 'js' };
    });
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  entryPoints: { host: join(preview, 'src', 'host', 'main.tsx') },
  outdir: out,
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'browser',
  jsx: 'automatic',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  // SystemJS's own package.json names a type that esbuild does not know.
  logOverride: { 'package.json': 'silent' },
  plugins: [commonJsBuilds, codeEditorApart],
  loader: { '.ttf': 'dataurl' },
  define: {
    // Libraries that look for an AMD loader would register with SystemJS instead of being bundled.
    define: 'undefined',
    global: 'globalThis',
    'process.env.NODE_ENV': '"production"',
    'process.env': '{}',
  },
});
process.stdout.write(
  Object.entries(metafile.outputs)
    .map(([file, { bytes }]) => `${file} ${(bytes / 1e6).toFixed(1)} MB\n`)
    .join(''),
);
