import { gzipSync } from 'node:zlib';
import { type PluginFiles, textOf } from './plugin-files.ts';
import { faultsOfPluginJson, type PluginJson } from './plugin-json.ts';

/** Grafana loads it before the first panel is drawn. */
const MAX_MODULE_GZIP_BYTES = 150_000;
/** Packages that Grafana gives its plugins; a second copy of one of them breaks their shared state. */
const GIVEN_BY_GRAFANA = [
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/schema',
  '@grafana/ui',
  'react',
  'react-dom',
  'rxjs',
];
/** Left-overs of templates, in files that people read. */
const TEMPLATE = /%(VERSION|TODAY|PLUGIN_ID)%|\[yyyy\]|\[name of copyright owner\]|lorem ipsum/i;
const READ_BY_PEOPLE = ['README.md', 'CHANGELOG.md', 'LICENSE'];
/** A link of Markdown or an image in it: its target. */
const LINK = /!?\[[^\]]*\]\(([^)\s]+)/g;

/**
 * What Grafana's own validator would refuse in a built plugin, as far as it can be told from its files alone, and what
 * we ask of it beyond that. Each fault says where it is.
 * @param version that is packaged
 * @returns nothing when the plugin is sound
 */
export function checkPlugin(files: PluginFiles, version: string): string[] {
  const text = textOf(files, 'plugin.json');
  if (text === undefined) return ['plugin.json: missing'];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return [`plugin.json: ${(error as Error).message}`];
  }
  const faults = faultsOfPluginJson(json);
  if (faults.length > 0) return faults;
  const plugin = json as PluginJson;
  return [
    ...faultsOfVersion(plugin, version, textOf(files, 'CHANGELOG.md') ?? ''),
    ...faultsOfNamedFiles(plugin, files),
    ...READ_BY_PEOPLE.flatMap((path) => faultsOfText(path, files)),
    ...faultsOfModule(files),
    ...faultsOfDashboards(plugin, files),
    ...faultsOfBackend(plugin, files),
    ...faultsOfOtherFiles(files),
  ];
}

function faultsOfVersion({ info }: PluginJson, version: string, changelog: string): string[] {
  const faults: string[] = [];
  if (info.version !== version)
    faults.push(`plugin.json/info/version: ${info.version} instead of ${version}`);
  const headings = changelog.split('\n').filter((line) => line.startsWith('## '));
  if (!headings.some((line) => line.includes(version))) faults.push(`CHANGELOG.md: nothing about ${version}`);
  return faults;
}

function faultsOfNamedFiles({ info, includes }: PluginJson, files: PluginFiles): string[] {
  const named = [
    info.logos.small,
    info.logos.large,
    ...[...info.screenshots, ...includes].map(({ path }) => path),
  ];
  return [...new Set(named)]
    .filter((path) => !files.has(path))
    .map((path) => `plugin.json names ${path}: there is no such file`);
}

function faultsOfText(path: string, files: PluginFiles): string[] {
  const text = textOf(files, path);
  if (text === undefined || text.trim() === '') return [`${path}: missing`];
  const faults: string[] = [];
  const template = TEMPLATE.exec(text);
  if (template) faults.push(`${path}: "${template[0]}" is left of a template`);
  for (const [, target = ''] of text.matchAll(LINK)) {
    const file = target.replace(/#.*$/, '');
    if (/^https:\/\//.test(target) || file === '' || files.has(file)) continue;
    faults.push(`${path}: the link to ${target} leads to nothing in the archive`);
  }
  return faults;
}

function faultsOfModule(files: PluginFiles): string[] {
  const code = textOf(files, 'module.js');
  const map = textOf(files, 'module.js.map');
  if (code === undefined || map === undefined) return ['module.js or its source map: missing'];
  const faults: string[] = [];
  const bytes = gzipSync(code).length;
  if (bytes > MAX_MODULE_GZIP_BYTES) {
    faults.push(`module.js: ${bytes} bytes gzipped; ${MAX_MODULE_GZIP_BYTES} are allowed`);
  }
  if (!/\bdefine\(/.test(code)) faults.push('module.js: not an AMD module');
  if (/\beval\(/.test(code)) faults.push('module.js: calls eval, which a content security policy refuses');
  const { sources } = JSON.parse(map) as { sources: string[] };
  for (const name of GIVEN_BY_GRAFANA) {
    if (sources.some((source) => source.includes(`node_modules/${name}/`))) {
      faults.push(`module.js: holds ${name}, which Grafana gives`);
    }
  }
  return faults;
}

function faultsOfDashboards({ includes, id }: PluginJson, files: PluginFiles): string[] {
  return includes.flatMap(({ path }) => {
    const text = textOf(files, path);
    if (text === undefined) return [];
    const { __inputs: inputs = [] } = JSON.parse(text) as { __inputs?: { name: string; pluginId: string }[] };
    const input = inputs.find(({ pluginId }) => pluginId === id);
    if (!input) return [`${path}: no input for the data source`];
    return /"uid":\s*"storepulse"/.test(text) ? [`${path}: names a data source by its uid "storepulse"`] : [];
  });
}

/** Grafana starts `<executable>_<system>_<processor>`, and loads no plugin that names one and has none. */
const EXECUTABLE = /^(gpx_[a-z]+)_(linux|darwin|windows)_(amd64|arm64)(\.exe)?$/;

function faultsOfBackend({ backend, executable, alerting }: PluginJson, files: PluginFiles): string[] {
  const executables = [...files.keys()].filter((path) => path.startsWith('gpx_'));
  if (!backend && !executable && !alerting) {
    return executables.map((path) => `${path}: plugin.json names no backend`);
  }
  if (!backend || !executable || !alerting) {
    return ['plugin.json: backend, executable and alerting go together: alert rules ask the executable'];
  }
  if (executables.length === 0) return [`plugin.json names ${executable}: there is no such executable`];
  return executables
    .filter((path) => EXECUTABLE.exec(path)?.[1] !== executable)
    .map((path) => `${path}: not an executable that plugin.json names`);
}

const ALLOWED =
  /^(gpx_\w+(\.exe)?|module\.js(\.map)?|[\w-]+\.(js|css)(\.map)?|plugin\.json|(README|CHANGELOG)\.md|LICENSE|MANIFEST\.txt|(img|dashboards)\/[\w-]+\.(svg|png|json)|locales\/[\w-]+\/[\w-]+\.json)$/;

function faultsOfOtherFiles(files: PluginFiles): string[] {
  return [...files.keys()]
    .filter((path) => !ALLOWED.test(path))
    .map((path) => `${path}: does not belong into a plugin`);
}
