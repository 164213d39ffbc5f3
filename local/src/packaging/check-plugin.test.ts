import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { ROOT } from '../paths.ts';
import { checkPlugin } from './check-plugin.ts';
import { type PluginFiles, readPluginFiles, textOf } from './plugin-files.ts';
import { withBackend } from './with-backend.ts';
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
    [
      'an executable that nobody names',
      but({ gpx_storepulse_linux_amd64: 'ELF' }),
      /^gpx_storepulse_linux_amd64: plugin\.json names no backend$/,
    ],
    [
      'a backend without its executable',
      but({
        'plugin.json': pluginJson((json) =>
          Object.assign(json, { backend: true, executable: 'gpx_storepulse', alerting: true }),
        ),
      }),
      /^plugin\.json names gpx_storepulse: there is no such executable$/,
    ],
    [
      'alerting without a backend',
      but({ 'plugin.json': pluginJson((json) => Object.assign(json, { alerting: true })) }),
      /^plugin\.json: backend, executable and alerting go together/,
    ],
    ['a file of another kind', but({ 'notes/.env': 'KEY=1' }), /^notes\/\.env: does not belong/],
  ];
  for (const [what, files, fault] of cases) {
    const faults = checkPlugin(files, version);
    assert.equal(faults.length, 1, `${what}: ${JSON.stringify(faults)}`);
    assert.match(faults[0]!, fault, what);
  }
});

test('with executables, and only then, plugin.json names the backend and may be alerted by', async () => {
  const executables = new Map([['gpx_storepulse_linux_amd64', new TextEncoder().encode('ELF')]]);
  const whole = withBackend(built, executables);
  assert.deepEqual(checkPlugin(whole, version), []);
  const { backend, executable, alerting } = JSON.parse(textOf(whole, 'plugin.json')!);
  assert.deepEqual([backend, executable, alerting], [true, 'gpx_storepulse', true]);
  assert.equal(withBackend(built, new Map()), built);
  assert.deepEqual(
    checkPlugin(new Map([...whole, ['gpx_other_linux_amd64', new Uint8Array([1])]]), version),
    ['gpx_other_linux_amd64: not an executable that plugin.json names'],
  );
  const modes = modesOf(zipPlugin('storepulse-commerce-datasource', whole));
  assert.equal(modes.get('storepulse-commerce-datasource/gpx_storepulse_linux_amd64'), 0o100755);
  assert.equal(modes.get('storepulse-commerce-datasource/module.js'), 0o100644);
});

/** Unix' modes of an archive's files, from its central directory (PKWARE's APPNOTE, 4.3.12). */
function modesOf(archive: Uint8Array): Map<string, number> {
  const bytes = Buffer.from(archive);
  const modes = new Map<string, number>();
  for (let at = bytes.indexOf('PK\u0001\u0002'); at >= 0; at = bytes.indexOf('PK\u0001\u0002', at + 1)) {
    const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    modes.set(name, bytes.readUInt32LE(at + 38) >>> 16);
  }
  return modes;
}

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
