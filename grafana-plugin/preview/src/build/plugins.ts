import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Takes the CommonJS builds of Grafana's packages: their `.mjs` builds import CommonJS modules as Node would, where
 * `default` is the whole module, and so miss the default exports of transpiled ones.
 */
export const commonJsBuilds: Plugin = {
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
export const codeEditorApart: Plugin = {
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

/** A typeface in a style sheet. */
const TYPEFACE = /url\((['"]?)([^'")]+\.ttf)\1\)/g;

/**
 * Lets the code editor bring its styles with it: as a style sheet of the page they would be fetched with every page, before
 * anything is drawn.
 */
export const codeEditorStyles: Plugin = {
  name: 'code-editor-styles',
  setup({ onLoad }) {
    onLoad({ filter: /monaco-editor\/.*\.css$/ }, async ({ path }) => {
      let css = await readFile(path, 'utf8');
      for (const [whole, , file] of css.matchAll(TYPEFACE)) {
        const typeface = await readFile(join(dirname(path), file!), 'base64');
        css = css.replaceAll(whole, `url(data:font/ttf;base64,${typeface})`);
      }
      const contents = `document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(css)} }));`;
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Leaves out what Grafana's packages require and the page does not use: zod's messages in fifty languages (zod checks
 * themes here, in English), half a megabyte.
 */
export const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.c?js$/ }, ({ path }) => ({
      contents: path.endsWith('.cjs')
        ? "exports.en = require('./en.cjs').default;"
        : "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};
