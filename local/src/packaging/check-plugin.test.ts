import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { ROOT } from '../paths.ts';
import { checkPlugin } from './check-plugin.ts';
import { type PluginFiles, readPluginFiles, textOf } from './plugin-files.ts';
import { zipPlugin } from './zip-plugin.ts';

const PLUGIN = join(ROOT, 'grafana-plugin');
let built: PluginFiles;
let version: string;
before(async () => {
  built = await readPluginFiles(join(PLUGIN, 'dist'));
  ({ version } = JSON.parse(await readFile(join(PLUGIN, 'package.json'), 'utf8')) as { version: string });
});

/** The built data source with some files written otherwise; undefined takes one away. */
function but(changes: Readonly<Record<string, string | undefined>>): PluginFiles {
  const files = new Map(built);
  for (const [path, text] of Object.entries(changes)) {
    if (text === undefined) files.delete(path);
    else files.set(path, new TextEncoder().encode(text));
  }
  return files;
}

const pluginJson = (
  change: (json: { [field: string]: unknown; info: Record<string, unknown> }) => void,
): string => {
  const json = JSON.parse(textOf(built, 'plugin.json')!) as Parameters<typeof change>[0];
  change(json);
  return JSON.stringify(json);
};

test('the data source as it is built is sound', () => {
  assert.deepEqual(checkPlugin(built, version), []);
});

test('each fault is told with its place, and alone', () => {
  const longest = Array.from({ length: 60_000 }, (_, n) => (n * 2_654_435_761).toString(36)).join();
  const cases: [what: string, files: PluginFiles, fault: RegExp][] = [
    ['no plugin.json', but({ 'plugin.json': undefined }), /^plugin\.json: missing$/],
    ['plugin.json that is not JSON', but({ 'plugin.json': '{' }), /^plugin\.json: /],
    [
      'a field that Grafana does not know',
      but({ 'plugin.json': pluginJson((json) => Object.assign(json, { metric: true })) }),
      /^plugin\.json\/metric: /,
    ],
    [
      'a version of a template',
      but({ 'plugin.json': pluginJson(({ info }) => Object.assign(info, { version: '%VERSION%' })) }),
      /^plugin\.json\/info\/version/,
    ],
    [
      'a link without TLS',
      but({
        'plugin.json': pluginJson(({ info }) =>
          Object.assign(info, { links: [{ name: 'Site', url: 'http://example.com' }] }),
        ),
      }),
      /^plugin\.json\/info\/links\/0\/url/,
    ],
    [
      'another version than is packaged',
      but({ 'plugin.json': pluginJson(({ info }) => Object.assign(info, { version: '9.9.9' })) }),
      /^plugin\.json\/info\/version: 9\.9\.9 instead of /,
    ],
    ['a version without news', but({ 'CHANGELOG.md': '# Changelog\n' }), /^CHANGELOG\.md: nothing about /],
    ['no logo', but({ 'img/logo.svg': undefined }), /names img\/logo\.svg: there is no such file$/],
    [
      'no screenshot',
      but({ 'img/settings.png': undefined }),
      /names img\/settings\.png: there is no such file$/,
    ],
    [
      'no dashboard',
      but({ 'dashboards/customers.json': undefined }),
      /names dashboards\/customers\.json: there is no such file$/,
    ],
    [
      'a dashboard that asks for no data source',
      but({ 'dashboards/customers.json': '{"title":"Customers"}' }),
      /^dashboards\/customers\.json: no input for the data source$/,
    ],
    [
      'a dashboard of one data source',
      but({
        'dashboards/customers.json': textOf(built, 'dashboards/customers.json')!.replace(
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own form of an input
          '"uid": "${DS_STOREPULSE}"',
          '"uid": "storepulse"',
        ),
      }),
      /names a data source by its uid "storepulse"$/,
    ],
    ['an empty README', but({ 'README.md': '\n' }), /^README\.md: missing$/],
    [
      'a licence of nobody',
      but({ LICENSE: 'Copyright [yyyy] us' }),
      /^LICENSE: "\[yyyy\]" is left of a template$/,
    ],
    [
      'a link to a file that is not shipped',
      but({ 'README.md': '[more](docs/more.md)' }),
      /^README\.md: the link to docs\/more\.md leads to nothing/,
    ],
    ['no source map', but({ 'module.js.map': undefined }), /^module\.js or its source map: missing$/],
    ['another kind of module', but({ 'module.js': 'export {};' }), /^module\.js: not an AMD module$/],
    ['eval', but({ 'module.js': 'define(() => eval("1"))' }), /^module\.js: calls eval/],
    [
      'a module that is too large',
      but({ 'module.js': `define(${longest})` }),
      /^module\.js: \d+ bytes gzipped/,
    ],
    [
      "a second copy of Grafana's own",
      but({ 'module.js.map': '{"sources":["webpack://x/node_modules/@grafana/data/index.js"]}' }),
      /^module\.js: holds @grafana\/data/,
    ],
    ['a file of another kind', but({ 'notes/.env': 'KEY=1' }), /^notes\/\.env: does not belong/],
  ];
  for (const [what, files, fault] of cases) {
    const faults = checkPlugin(files, version);
    assert.equal(faults.length, 1, `${what}: ${JSON.stringify(faults)}`);
    assert.match(faults[0]!, fault, what);
  }
});

test('the archive holds the files in one folder, and the same files make the same bytes', () => {
  const archive = zipPlugin('storepulse-commerce-datasource', built);
  const inside = unzipSync(archive);
  assert.deepEqual(
    Object.keys(inside).sort(),
    [...built.keys()].map((path) => `storepulse-commerce-datasource/${path}`).sort(),
  );
  for (const [path, bytes] of built) {
    assert.deepEqual(
      Buffer.from(inside[`storepulse-commerce-datasource/${path}`]!),
      Buffer.from(bytes),
      path,
    );
  }
  assert.deepEqual(zipPlugin('storepulse-commerce-datasource', new Map([...built].reverse())), archive);
});
