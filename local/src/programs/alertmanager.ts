import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { debianPackage } from './debian.ts';
import type { Recipe, Source } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { releaseArchive } from './prometheus.ts';
import { run } from './run.ts';

/** Alertmanager; `T` is the path of its server. */
export function alertmanagerRecipe(): Recipe<string> {
  return {
    title: 'Alertmanager',
    variable: 'ALERTMANAGER_PATH',
    named: async (path) => (isExecutable(path) ? path : undefined),
    onMachine: async () => onPath(['alertmanager', 'prometheus-alertmanager']),
    inFolder(folder) {
      const file = join(folder, 'alertmanager');
      return isExecutable(file) ? file : undefined;
    },
    // The release first: Debian's build lacks the pages of Alertmanager.
    sources: [releaseArchive('alertmanager'), debian],
    advice: 'install Alertmanager 0.25 or newer',
  };
}

const unpacked = debianPackage('prometheus-alertmanager');

/**
 * Debian's build reads its templates from /usr/share alone. Since it is unpacked and not installed, it runs in a mount namespace
 * of its own, where /usr/share is that of the package; the machine stays as it is.
 */
const WRAPPER = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec unshare --map-root-user --mount sh -c \\
  'mount --bind "$0/usr/share" /usr/share && exec "$0/usr/bin/prometheus-alertmanager" "$@"' "$here" "$@"
`;

const debian: Source = {
  ...unpacked,
  async fetch(into, task) {
    await unpacked.fetch(into, task);
    const file = join(into, 'alertmanager');
    await writeFile(file, WRAPPER);
    await chmod(file, 0o755);
    await run(file, ['--version'], { timeoutMs: 10_000 }).catch((error: unknown) => {
      throw new Error(`it needs a mount namespace, which this machine does not give (${messageOf(error)})`);
    });
  },
};
