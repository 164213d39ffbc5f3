import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './find-program.ts';
import { onPath } from './on-path.ts';
import { run } from './run.ts';

const TIMEOUT_MS = 120_000;

/**
 * A Debian package that carries a program: downloaded and unpacked into the cache, not installed. Its executables are in
 * `usr/bin`.
 */
export function debianPackage(name: string): Source {
  return {
    name: `Debian's package ${name}`,
    folder: `${name}-debian`,
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
      await aptGet('download', name);
      task.update(0.9);
      const file = (await readdir(apt)).find((entry) => entry.endsWith('.deb'));
      if (!file) throw new Error('apt-get downloaded no package');
      await run('dpkg-deb', ['-x', join(apt, file), into], { timeoutMs: TIMEOUT_MS });
      await rm(apt, { recursive: true });
    },
  };
}
