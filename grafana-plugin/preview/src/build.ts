import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { compressFiles } from './build/compressFiles.ts';
import { codeEditorApart, codeEditorStyles, commonJsBuilds, withoutUnused } from './build/plugins.ts';
import type { Assets } from './server/assets.ts';

const preview = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(preview, 'dist');
const ENTRY = join('src', 'host', 'main.tsx');

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: preview,
  entryPoints: { host: ENTRY },
  outdir: out,
  // Names say what is in a file, so that browsers keep it for ever.
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  // SystemJS's own package.json names a type that esbuild does not know.
  logOverride: { 'package.json': 'silent' },
  plugins: [commonJsBuilds, codeEditorApart, codeEditorStyles, withoutUnused],
  define: {
    // Libraries that look for an AMD loader would register with SystemJS instead of being bundled.
    define: 'undefined',
    global: 'globalThis',
    'process.env.NODE_ENV': '"production"',
    'process.env': '{}',
  },
});
await writeFile(join(out, 'assets.json'), JSON.stringify(assetsOf(metafile), null, 2));
const sizes = await compressFiles(out);
process.stdout.write(
  sizes
    .map(
      ({ name, bytes, brotli }) =>
        `${name} ${(bytes / 1e6).toFixed(2)} MB, ${(brotli / 1e6).toFixed(2)} MB sent\n`,
    )
    .join(''),
);

/** What the page has to load at once: the entry, what it imports, and its styles. */
function assetsOf({ outputs }: Metafile): Assets {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(ENTRY));
  if (!found) throw new Error(`esbuild has made nothing of ${ENTRY}`);
  const [script, { cssBundle, imports }] = found;
  const at = (path: string) => basename(path);
  return {
    script: at(script),
    styles: cssBundle ? [at(cssBundle)] : [],
    imports: imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => at(path)),
  };
}
