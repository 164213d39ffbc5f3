import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@storepulse/local/programs/run';
import type { Podman } from './podman.ts';

/** As in the name of the image that it stands in for. */
const SUITE = 'bookworm';
/** The one that comes with the Node that the Dockerfile names. */
const NPM_VERSION = '11.19.0';
/** Where Debian has the certificates of those who are trusted. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const TIMEOUT_MS = 600_000;

/** What Debian's slim images leave out, and what only the installation has needed. */
const LEFT_OUT = [
  'usr/share/doc',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/man',
  'var/cache/apt',
  'var/lib/apt/lists',
];

/**
 * Makes what stands in for the images that the Dockerfile builds upon: Debian's smallest system by `debootstrap`, the Node
 * that runs this, npm, and the user `node`. What it is fetched with is set up as on the machine.
 * @param names what it is called, all of them
 */
export async function makeBaseImage(podman: Podman, folder: string, names: readonly string[]): Promise<void> {
  const root = join(folder, 'base');
  const bounded = { timeoutMs: TIMEOUT_MS };
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', SUITE, root], bounded);
  await run(
    'chroot',
    [root, 'useradd', '--uid', '1000', '--create-home', '--shell', '/bin/bash', 'node'],
    bounded,
  );
  const local = join(root, 'usr', 'local');
  await copyFile(process.execPath, join(local, 'bin', 'node'));
  await run('npm', ['install', '--global', '--prefix', local, `npm@${NPM_VERSION}`], bounded);
  await setUpNpm(root);
  for (const path of LEFT_OUT) await rm(join(root, path), { recursive: true, force: true });
  const archive = join(folder, 'base.tar');
  const devices = ['dev', 'proc', 'sys'].map((name) => `--exclude=./${name}/*`);
  await run('tar', ['--create', '--file', archive, '--directory', root, ...devices, '.'], bounded);
  await podman('import', archive, names[0]!);
  for (const name of names.slice(1)) await podman('tag', names[0]!, name);
  await rm(archive);
  await rm(root, { recursive: true });
}

/** npm asks the registry that it asks on this machine, and trusts whom the machine trusts. */
async function setUpNpm(root: string): Promise<void> {
  const registry = (await run('npm', ['config', 'get', 'registry'], { timeoutMs: 60_000 })).trim();
  await copyFile(AUTHORITIES, join(root, AUTHORITIES));
  const folder = join(root, 'usr', 'local', 'etc');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'npmrc'), `registry=${registry}\ncafile=${AUTHORITIES}\n`);
}
