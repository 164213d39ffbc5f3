import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath } from '@storepulse/local/programs/on-path';
import { Command } from 'commander';
import { boxFault, runBoxed } from './boxed.ts';
import { removeControlGroups } from './control-groups.ts';
import { whyNotHere } from './support/requirements.ts';

const command = new Command('test:images')
  .description(
    'Builds the images of docker-compose.yml with Podman and runs them against a local Kafka and MongoDB, bounded as Compose bounds them',
  )
  .addHelpText(
    'after',
    `
No Docker and no registry of images is needed: the base image is made by debootstrap, with the pinned Node.
It takes some minutes. Everything lies in a temporary folder and is removed at the end, but for a small cache of Podman's
in /var/lib/containers/cache.
Exit status: 0 all as meant · 1 not, or images can't be built and run here`,
  )
  .action(main);

const programFile = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function main(): Promise<void> {
  const why = await whyNotHere({
    platform: process.platform,
    userId: process.getuid?.(),
    hasProgram: (name) => onPath([name]) !== undefined,
    namespaceFault: boxFault,
  });
  if (why !== undefined) {
    console.error(why);
    process.exitCode = 1;
    return;
  }
  const stopping = new AbortController();
  // On, not once: who stops the command may tell this process by several ways, and it must still clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const { signal } = stopping;
  // Podman takes no long path.
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-images-'));
  try {
    // Building needs the registry of npm. Running needs no network but its own, so that all ports of the compose file are free.
    process.exitCode = await runBoxed(programFile('build-main.ts'), [folder], { network: 'machine', signal });
    if (process.exitCode !== 0) return;
    process.exitCode = await runBoxed(programFile('run-main.ts'), [folder], { network: 'own', signal });
  } finally {
    // What was killed may take a moment to end.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    await removeControlGroups();
  }
}

await command.parseAsync();
