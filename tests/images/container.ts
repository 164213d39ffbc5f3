import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ComposeService } from '../provisioning/compose-file.ts';
import { until } from '../support/until.ts';
import type { Podman } from './podman.ts';
import { bytesOf, faultsOfRights, hasReadOnlyRoot } from './support/process-facts.ts';
import { runOptions, type Surroundings } from './support/run-options.ts';

/** A part that runs in a container. */
export interface Container {
  /** Waits until the health check of the compose file succeeds. */
  untilHealthy(): Promise<void>;
  /** @throws {AssertionError} when it has more rights, memory or room to write than the compose file gives it */
  checkBounds(): Promise<void>;
  /** Runs a command in it. @returns what it prints @throws {Error} when it does not end with status 0 */
  run(...words: readonly string[]): Promise<string>;
  /** Stops it as Compose does. @throws {AssertionError} unless it ends by itself, within its grace, with status 0 */
  stop(): Promise<void>;
}

/** Starts a service's container, by the name of its service. */
export async function startContainer(
  podman: Podman,
  name: string,
  service: ComposeService,
  surroundings: Surroundings,
): Promise<Container> {
  const options = runOptions(service, surroundings);
  await podman(
    'run',
    '--detach',
    '--name',
    name,
    '--pull=never',
    ...options,
    service.image,
    ...service.command!,
  );

  const inspect = (field: string) => podman('container', 'inspect', '--format', `{{${field}}}`, name);
  const processes = async () => {
    const lines = (await podman('top', name, 'hpid')).split('\n').slice(1);
    return lines.map((line) => line.trim());
  };
  const written = async (file: string) => podman('exec', name, 'cat', file);

  return {
    async untilHealthy() {
      const [kind, ...words] = service.healthcheck!.test as string[];
      assert.equal(kind, 'CMD', 'the health check is a command, without a shell');
      const health = () =>
        podman('exec', name, ...words).then(
          () => 'healthy',
          async (error: Error) => {
            // One that has ended will never be.
            const state = await inspect('.State.Status');
            return state === 'running'
              ? error.message
              : `${state}:\n${await podman('logs', '--tail', '20', name)}`;
          },
        );
      const isSettled = (seen: string) => seen === 'healthy' || /^(exited|stopped)/.test(seen);
      assert.equal(await until(`${name} is healthy`, health, isSettled), 'healthy');
    },
    async checkBounds() {
      const pids = await processes();
      assert.ok(pids.length > 0, `${name} has processes`);
      for (const pid of pids) {
        assert.deepEqual(faultsOfRights(await readFile(`/proc/${pid}/status`, 'utf8')), []);
      }
      const mounts = await readFile(`/proc/${pids[0]}/mounts`, 'utf8');
      assert.equal(hasReadOnlyRoot(mounts), service.read_only ?? false, `${name} can write to its root`);
      // The first is that of Linux' newer control groups, the second that of the older ones.
      const limit = await written('/sys/fs/cgroup/memory.max').catch(() =>
        written('/sys/fs/cgroup/memory/memory.limit_in_bytes'),
      );
      assert.equal(Number(limit), bytesOf(service.mem_limit!), `limit of memory of ${name}`);
    },
    run: (...words) => podman('exec', name, ...words),
    async stop() {
      await podman('stop', name);
      assert.equal(await inspect('.State.ExitCode'), '0', `exit status of ${name}`);
    },
  };
}
