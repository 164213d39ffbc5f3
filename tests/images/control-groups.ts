import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** What Podman puts the groups of its containers into. */
const PODMAN = 'libpod_parent';

/**
 * Removes what is left of Podman's control groups where its containers have been killed. The kernel keeps every group that has
 * a process.
 */
export async function removeControlGroups(): Promise<void> {
  const controllers = (await foldersIn(ROOT)).map((name) => join(ROOT, name));
  for (const folder of [ROOT, ...controllers]) {
    if ((await foldersIn(folder)).includes(PODMAN)) await removeGroup(join(folder, PODMAN));
  }
}

async function removeGroup(group: string): Promise<void> {
  for (const name of await foldersIn(group)) await removeGroup(join(group, name));
  await rmdir(group).catch(() => undefined);
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
