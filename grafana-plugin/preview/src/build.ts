import { mkdir, rm } from 'node:fs/promises';
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

/** Leaves out the code editor: a third of the bundle, and nothing that is drawn here edits code. */
const withoutCodeEditor: Plugin = {
  name: 'without-code-editor',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^monaco-editor(\/|$)/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  entryPoints: { host: join(preview, 'src', 'host', 'main.tsx') },
  outdir: out,
  bundle: true,
  format: 'iife',
  platform: 'browser',
  jsx: 'automatic',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  // SystemJS's own package.json names a type that esbuild does not know.
  logOverride: { 'package.json': 'silent' },
  plugins: [commonJsBuilds, withoutCodeEditor],
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
