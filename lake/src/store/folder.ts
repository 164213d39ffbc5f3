import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { LakeError } from '../errors.ts';
import { PARTIAL } from '../layout.ts';
import type { LakeStore, StoredObject } from './store.ts';

/** A lake in a folder, which is made when it is missing. */
export function createFolderStore(root: string): LakeStore {
  const at = (path: string) => join(root, path);
  return {
    location: root,
    put: async (path, file) => {
      const target = at(path);
      const partial = `${target}.${randomUUID().slice(0, 8)}${PARTIAL}`;
      const made = await mkdir(dirname(target), { recursive: true });
      // The lake may be another file system than the one that the file is on.
      await copyFile(file, partial);
      await sync(partial);
      await rename(partial, target);
      await sync(dirname(target));
      // A folder that is new is an entry of the one above.
      const top = made === undefined ? undefined : dirname(made);
      for (let folder = dirname(target); top !== undefined && folder !== top; ) {
        folder = dirname(folder);
        await sync(folder);
      }
    },
    fetch: async (path, file) => {
      await copyFile(at(path), file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        throw new LakeError('FILE_MISSING', `${path} is not in ${root}`, { cause: error });
      });
    },
    place: at,
    remove: (path) => rm(at(path), { force: true }),
    list: (folder) => filesBelow(root, folder),
  };
}

/** Brings what was written to the disk: also a folder's entries. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* filesBelow(root: string, folder: string): AsyncIterable<StoredObject> {
  const directory = await opendir(join(root, folder), { recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (!directory) return;
  for await (const entry of directory) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const found = await stat(file).catch(() => undefined);
    if (found) yield { path: relative(root, file).split(sep).join('/'), modifiedAt: found.mtime };
  }
}
