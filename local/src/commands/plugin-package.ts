import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildStale } from '../build.ts';
import { LocalError } from '../errors.ts';
import { checkPlugin } from '../packaging/check-plugin.ts';
import { readPluginFiles } from '../packaging/plugin-files.ts';
import { zipPlugin } from '../packaging/zip-plugin.ts';
import { ROOT } from '../paths.ts';

const PLUGIN = join(ROOT, 'grafana-plugin');

/**
 * `npm run plugin:package`: builds the data source where it is stale, checks it, and writes the archive that Grafana
 * installs, with its SHA-256 beside it, into `grafana-plugin/package/`.
 * @throws {LocalError} `plugin_unsound` with every fault; then nothing is written
 */
export async function pluginPackage(): Promise<void> {
  await buildStale(ROOT);
  const { name, version } = JSON.parse(await readFile(join(PLUGIN, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const files = await readPluginFiles(join(PLUGIN, 'dist'));
  const faults = checkPlugin(files, version);
  if (faults.length > 0) {
    throw new LocalError('plugin_unsound', `The data source can't be packaged:\n  ${faults.join('\n  ')}`);
  }
  const archive = zipPlugin(name, files);
  const file = join(PLUGIN, 'package', `${name}-${version}.zip`);
  await mkdir(join(PLUGIN, 'package'), { recursive: true });
  await writeFile(file, archive);
  const hash = createHash('sha256').update(archive).digest('hex');
  await writeFile(`${file}.sha256`, `${hash}  ${name}-${version}.zip\n`);
  console.log(
    `${relative(process.cwd(), file)}: ${files.size} files, ${Math.ceil(archive.length / 1_000)} kB`,
  );
  console.log(`sha256 ${hash}`);
}
