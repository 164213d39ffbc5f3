import { mkdir, open, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** A key that is in use all the time is noted no more often, ms. */
const EVERY_MS = 10_000;

const folderOf = (folder: string) => join(folder, 'last-use');

/**
 * Notes when keys were used: a file for each key, named by its id, of which only the time of change counts. Any number
 * of processes may do so, without locks.
 * @param onFailure told once that notes can't be written; keys are good all the same
 */
export function createUseNotes(
  folder: string,
  now: () => number,
  onFailure: (error: Error) => void,
): (id: string) => void {
  const noted = new Map<string, number>();
  let hasFailed = false;
  return (id) => {
    const time = now();
    if (time - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    noted.set(id, time);
    touch(join(folderOf(folder), id), folderOf(folder), time).catch((error: Error) => {
      if (!hasFailed) onFailure(error);
      hasFailed = true;
    });
  };
}

async function touch(path: string, folder: string, time: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
  await utimes(path, time / 1_000, time / 1_000);
}

/** When keys were used last, by id, epoch ms. */
export async function readUses(folder: string): Promise<ReadonlyMap<string, number>> {
  const ids = await readdir(folderOf(folder)).catch(() => []);
  const times = ids.map(async (id) => [id, (await stat(join(folderOf(folder), id))).mtimeMs] as const);
  return new Map(await Promise.all(times));
}
