import { randomUUID } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LakeStore } from './store.ts';

/**
 * A local path of a file, for DuckDB to read: in place, or a copy in a cache folder. A file never changes, so that a copy
 * stays good.
 * @throws {LakeError} `FILE_MISSING`: it was replaced meanwhile; read the manifest again
 */
export async function localPath(store: LakeStore, path: string, cache: string): Promise<string> {
  const place = store.place(path);
  if (place !== undefined) return place;
  const file = join(cache, path);
  if (await stat(file).catch(() => undefined)) return file;
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${randomUUID().slice(0, 8)}.partial`;
  await store.fetch(path, partial);
  await rename(partial, file);
  return file;
}
