import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { onPath } from '../programs/on-path.ts';
import { run } from '../programs/run.ts';

/** First part of the executables' names, as `plugin.json` tells it: Grafana adds system and processor. */
export const EXECUTABLE = 'gpx_storepulse';

/** Systems and processors that executables are made for, as Go names them: those that Grafana itself is made for. */
export const PLATFORMS = [
  'linux_amd64',
  'linux_arm64',
  'darwin_amd64',
  'darwin_arm64',
  'windows_amd64',
] as const;
/** A system and a processor. */
export type Platform = (typeof PLATFORMS)[number];

/** The name of an executable. */
const executableOf = (platform: Platform): string =>
  `${EXECUTABLE}_${platform}${platform.startsWith('windows') ? '.exe' : ''}`;

/** A first build compiles Grafana's SDK: 110 CPU-seconds for each platform. */
const BUILD_TIMEOUT_MS = 1_200_000;
const LIST_TIMEOUT_MS = 60_000;

/** Go, and whether it can compile the backend. */
export type GoTools = { go: string } | { missing: string };

/**
 * Looks for Go on this machine.
 * @param isOffline true: also asks whether all modules are here already, so that nothing is fetched
 * @returns why the backend can't be compiled, where that is so
 */
export async function findGo(plugin: string, isOffline: boolean): Promise<GoTools> {
  const go = onPath(['go']);
  if (go === undefined) return { missing: 'there is no Go on PATH (https://go.dev/dl)' };
  if (!isOffline) return { go };
  try {
    const args = ['list', '-deps', './pkg/...'];
    await run(go, args, { cwd: plugin, env: goEnv({ GOPROXY: 'off' }), timeoutMs: LIST_TIMEOUT_MS });
    return { go };
  } catch {
    return { missing: 'its Go modules are not on this machine yet: npm run test:backend fetches them' };
  }
}

/** One set of flags for all, so that Go compiles each package once. */
function goEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-trimpath -buildvcs=false',
    GOTOOLCHAIN: 'auto',
    ...more,
  };
}

/** Runs Go in the plugin's folder. @throws {Error} with what it says when it fails */
export function runGo(
  go: string,
  plugin: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  return run(go, args, { cwd: plugin, env: goEnv(env), timeoutMs: BUILD_TIMEOUT_MS });
}

/** Compiles a command of the backend to a file. @throws {Error} with what Go says */
export async function buildGo(
  { go, plugin, command }: { go: string; plugin: string; command: string },
  file: string,
  platform?: Platform,
): Promise<void> {
  const [GOOS, GOARCH] = platform?.split('_') ?? [];
  await runGo(
    go,
    plugin,
    ['build', '-ldflags', '-s -w', '-o', file, command],
    platform === undefined ? {} : { GOOS, GOARCH },
  );
}

/** What executables were made, and which not. */
export interface BuiltBackend {
  /** By name within the plugin. */
  files: Map<string, Uint8Array>;
  /** What was left out, and why. */
  left: string[];
}

/** Compiles the backend for some platforms. What can't be compiled is left out and told. */
export async function buildBackend(plugin: string, platforms: readonly Platform[]): Promise<BuiltBackend> {
  const files = new Map<string, Uint8Array>();
  if (platforms.length === 0) return { files, left: ['the backend: it was not asked for'] };
  const found = await findGo(plugin, false);
  if ('missing' in found) return { files, left: [`the backend: ${found.missing}`] };
  const folder = join(tmpdir(), `storepulse-backend-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const left: string[] = [];
  try {
    for (const platform of platforms) {
      const name = executableOf(platform);
      try {
        await buildGo({ go: found.go, plugin, command: './pkg' }, join(folder, name), platform);
        files.set(name, await readFile(join(folder, name)));
      } catch (error) {
        left.push(`the backend for ${platform}: ${messageOf(error)}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { files, left };
}
