import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildStale } from '../build.ts';
import { LocalError } from '../errors.ts';
import { buildBackend, type Platform } from '../packaging/build-backend.ts';
import { checkPlugin } from '../packaging/check-plugin.ts';
import { readPluginFiles } from '../packaging/plugin-files.ts';
import { withBackend } from '../packaging/with-backend.ts';
import { zipPlugin } from '../packaging/zip-plugin.ts';
import { ROOT } from '../paths.ts';

const PLUGIN = join(ROOT, 'grafana-plugin');

/**
 * `npm run plugin:package`: builds the data source where it is stale, checks it, and writes the archive that Grafana
 * installs, with its SHA-256 beside it, into `grafana-plugin/package/`. What it could not take along is told.
 * @param platforms that the backend is compiled for, where there is Go; without one the archive has no backend
 * @throws {LocalError} `plugin_unsound` with every fault; then nothing is written
 */
export async function pluginPackage(platforms: readonly Platform[]): Promise<void> {
  await buildStale(ROOT);
  const { name, version } = JSON.parse(await readFile(join(PLUGIN, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const { files: executables, left } = await buildBackend(PLUGIN, platforms);
  const files = withBackend(await readPluginFiles(join(PLUGIN, 'dist')), executables);
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
  for (const what of left) console.log(`without ${what}`);
  if (executables.size === 0)
    console.log('Without a backend it shows everything; alert rules of Grafana need one.');
}
