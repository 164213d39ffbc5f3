import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '@storepulse/local/programs/cache-folder';
import { run } from '@storepulse/local/programs/run';

const INSTALL_TIMEOUT_MS = 120_000;

/** A package for Python that can be used by `PYTHONPATH`, or why there is none. */
export type PythonPackage = { readonly path: string } | { readonly missing: string };

/** Finds a package in the cache, or installs it there with pip. */
export async function pythonPackage(name: string, version: string): Promise<PythonPackage> {
  try {
    const python = await run('python3', ['-c', 'import sys; print(sys.version_info.minor)'], {
      timeoutMs: 10_000,
    });
    const path = join(cacheFolder(process.env), `python3.${python.trim()}-${name}-${version}`);
    if (!existsSync(path)) await install(`${name}==${version}`, path);
    return { path };
  } catch (error) {
    return {
      missing: `${name} ${version} for Python can not be installed: ${(error as Error).message.split('\n')[0]}`,
    };
  }
}

/** Another test that does the same at the same time does no harm: the folder appears as a whole. */
async function install(requirement: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(`${path}-`);
  try {
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--only-binary',
      ':all:',
      '--target',
      folder,
      requirement,
    ];
    await run('python3', args, {
      timeoutMs: INSTALL_TIMEOUT_MS,
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    });
    await rename(folder, path);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
}
