import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { check } from './provisioning.ts';

/** The files of the page's bundle, by the names that the build gave them. */
const Assets = Type.Object({
  script: Type.String(),
  styles: Type.Array(Type.String()),
  /** What the script imports, to be fetched beside it. */
  imports: Type.Array(Type.String()),
});
/** The files of the page's bundle, by the names that the build gave them. */
export type Assets = Static<typeof Assets>;

/** Reads which files the page consists of; undefined when it is not built. */
export async function readAssets(folder: string): Promise<Assets | undefined> {
  const path = join(folder, 'assets.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : check(Assets, JSON.parse(text), path);
}
