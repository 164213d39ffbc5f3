import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a folder for files on their way, and removes those that processes which have ended without a word have left.
 * @param part whose files they are
 * @param parent where. @default the system's folder for what is temporary
 */
export async function openScratch(part: string, parent = tmpdir()): Promise<string> {
  const prefix = `storepulse-${part}-`;
  await mkdir(parent, { recursive: true });
  const left = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  for (const name of left) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    // In a container each process has the same number.
    if (pid === process.pid || !isRunning(pid))
      await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
