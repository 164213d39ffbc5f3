import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { fetchArchive } from './archive.ts';
import { debianPackage } from './debian.ts';
import type { Recipe, Source } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { PINS } from './pins.ts';

/** Prometheus' server; `T` is the path of `prometheus`. */
export function prometheusRecipe(): Recipe<string> {
  return recipeOf('Prometheus', 'prometheus', 'install Prometheus 2.42 or newer');
}

/** `promtool`, which comes with Prometheus; `T` is its path. */
export function promtoolRecipe(): Recipe<string> {
  return recipeOf('promtool', 'promtool', 'install Prometheus 2.42 or newer (it brings promtool)');
}

function recipeOf(title: string, file: string, advice: string): Recipe<string> {
  return {
    title,
    variable: `${file.toUpperCase()}_PATH`,
    named: async (path) => (isExecutable(path) ? path : undefined),
    onMachine: async () => onPath([file]),
    inFolder: (folder) =>
      [join(folder, file), join(folder, 'usr', 'bin', file)].find((path) => isExecutable(path)),
    sources: [debianPackage('prometheus'), releaseArchive('prometheus')],
    advice,
  };
}

/** The archive that the Prometheus project publishes of one of its programs; the program is in its topmost folder. */
export function releaseArchive(project: 'prometheus' | 'alertmanager'): Source {
  const { version } = PINS[project];
  return {
    name: 'the release archive of the Prometheus project',
    folder: `${project}-${version}`,
    fetch(into, task) {
      const cpu = arch() === 'x64' ? 'amd64' : arch();
      const base = `https://github.com/prometheus/${project}/releases/download/v${version}`;
      const url = `${base}/${project}-${version}.${platform()}-${cpu}.tar.gz`;
      return fetchArchive(
        { url, checksum: { url: `${base}/sha256sums.txt`, algorithm: 'sha256' } },
        into,
        task,
      );
    },
  };
}
