import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const TIMEOUT_MS = 600_000;
const OUTPUT_BYTES = 2 ** 26;
/** Lines of what a failed command has said. */
const SHOWN_LINES = 30;

/** Nothing of Podman's lies outside of the folder, and nothing of the machine's settings counts. */
const settingsIn = (folder: string) => `
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
runtime = "runc"
tmp_dir = "${join(folder, 'engine')}"

[network]
network_config_dir = "${join(folder, 'networks')}"

[containers]
default_ulimits = []
`;

/**
 * Runs Podman with these words. @returns its standard output
 * @throws {Error} with the end of what it said, when it fails or is not done after ten minutes
 */
export type Podman = (...words: readonly string[]) => Promise<string>;

/** Podman with images and containers of its own, all in one folder. */
export async function createPodman(folder: string): Promise<Podman> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const settings = join(folder, 'containers.conf');
  await writeFile(settings, settingsIn(folder));
  const env = { ...process.env, CONTAINERS_CONF: settings, TMPDIR: temporary };
  const place = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
  return async (...words) => {
    const done = execute('podman', [...place, ...words], {
      env,
      timeout: TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES,
    });
    const { stdout } = await done.catch((error: Error & { stdout?: string; stderr?: string }) => {
      const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
      const end = said.split('\n').slice(-SHOWN_LINES).join('\n');
      throw new Error(`podman ${words.slice(0, 2).join(' ')} failed:\n${end}`);
    });
    return stdout.trim();
  };
}
