import { mkdir, readdir, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { fetchArchive } from './archive.ts';
import type { Recipe, Source } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { PINS } from './pins.ts';
import { run } from './run.ts';

const TIMEOUT_MS = 120_000;

/** `promtool`, which comes with Prometheus. `T` is the path. */
export function promtoolRecipe(): Recipe<string> {
  return {
    title: 'promtool',
    variable: 'PROMTOOL_PATH',
    named: async (path) => (isExecutable(path) ? path : undefined),
    onMachine: async () => onPath(['promtool']),
    inFolder: (folder) =>
      [join(folder, 'promtool'), join(folder, 'usr', 'bin', 'promtool')].find((file) => isExecutable(file)),
    sources: [debian, release],
    advice: 'install Prometheus 2.42 or newer (it brings promtool)',
  };
}

const debian: Source = {
  name: "Debian's package prometheus",
  folder: 'prometheus-debian',
  async fetch(into, task) {
    if (!onPath(['apt-get']) || !onPath(['dpkg-deb'])) throw new Error('there is no apt-get on PATH');
    // apt's own folders need root, so it is given others, which also leaves the machine as it is.
    const apt = join(into, 'apt');
    await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
    await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
    const options = [
      `Dir::State::Lists=${apt}/lists`,
      `Dir::Cache=${apt}/cache`,
      'APT::Sandbox::User=',
      'Debug::NoLocking=1',
    ];
    const aptGet = (...words: string[]) =>
      run('apt-get', ['-qq', ...options.flatMap((option) => ['-o', option]), ...words], {
        cwd: apt,
        timeoutMs: TIMEOUT_MS,
      });
    await aptGet('update');
    task.update(0.4);
    await aptGet('download', 'prometheus');
    task.update(0.9);
    const file = (await readdir(apt)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get downloaded no package');
    await run('dpkg-deb', ['-x', join(apt, file), into], { timeoutMs: TIMEOUT_MS });
    await rm(apt, { recursive: true });
  },
};

const release: Source = {
  name: "Prometheus' release archive",
  folder: `prometheus-${PINS.prometheus.version}`,
  fetch(into, task) {
    const { version } = PINS.prometheus;
    const cpu = arch() === 'x64' ? 'amd64' : arch();
    const base = `https://github.com/prometheus/prometheus/releases/download/v${version}`;
    const url = `${base}/prometheus-${version}.${platform()}-${cpu}.tar.gz`;
    return fetchArchive(
      { url, checksum: { url: `${base}/sha256sums.txt`, algorithm: 'sha256' } },
      into,
      task,
    );
  },
};
