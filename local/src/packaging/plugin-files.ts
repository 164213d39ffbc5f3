import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The files of a built plugin by their paths in its folder, with `/` between folders. */
export type PluginFiles = ReadonlyMap<string, Uint8Array>;

/** Reads all files of a folder, in the order of their paths. */
export async function readPluginFiles(folder: string): Promise<PluginFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(relative(folder, path).split(sep).join('/'), await readFile(path));
  return files;
}

/** The text of a file; undefined when there is none. */
export function textOf(files: PluginFiles, path: string): string | undefined {
  const bytes = files.get(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
