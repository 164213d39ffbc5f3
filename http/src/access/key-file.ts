import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { KeyRecord } from './key-record.ts';

const KeyFile = Type.Object(
  { version: Type.Literal(1), keys: Type.Array(KeyRecord) },
  { additionalProperties: false },
);

/** A folder of keys that can't be used: the message says why, and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** The file of a folder that holds what is kept of its keys. */
export function keyFile(folder: string): string {
  return join(folder, 'keys.json');
}

/**
 * Reads the keys of a folder; none when there is no file yet.
 * @throws {KeyFileError} when the file can't be read, or is no file of keys
 */
export async function readKeys(folder: string): Promise<readonly KeyRecord[]> {
  const path = keyFile(folder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new KeyFileError(`ACCESS_FOLDER: ${path} can't be read: ${(error as Error).message}`);
  }
  const content = parse(text);
  if (!Value.Check(KeyFile, content))
    throw new KeyFileError(
      `ACCESS_FOLDER: ${path} is no file of keys that this release knows: npm run keys writes it`,
    );
  return content.keys;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Changes the keys of a folder, one program at a time. Readers see the file as it was or as it becomes, never a part.
 * @param change makes the new keys, and what is returned
 * @throws {KeyFileError} when the folder can't be written, or another program changes it
 */
export async function changeKeys<T>(
  folder: string,
  change: (keys: readonly KeyRecord[]) => { readonly keys: readonly KeyRecord[]; readonly result: T },
): Promise<T> {
  const path = keyFile(folder);
  const lock = `${path}.lock`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    const isHeld = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new KeyFileError(
      isHeld
        ? `another command changes the keys; when none does, remove ${lock}`
        : `ACCESS_FOLDER: ${folder} can't be written: ${(error as Error).message}`,
    );
  }
  try {
    const { keys, result } = change(await readKeys(folder));
    const next = `${path}.next`;
    await writeFile(next, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`, { mode: 0o600 });
    await rename(next, path);
    return result;
  } finally {
    await rm(lock, { force: true });
  }
}
