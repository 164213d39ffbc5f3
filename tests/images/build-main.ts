import { join } from 'node:path';
import { findKafka, findMongod } from '@storepulse/local/programs/find';
import { createTerminal } from '@storepulse/local/screen/terminal';
import { ROOT, readCompose, readText } from '../provisioning/compose-file.ts';
import { makeBaseImage } from './base-image.ts';
import { createPodman, type Podman } from './podman.ts';
import { baseImagesOf } from './support/dockerfile.ts';
import { createSteps } from './support/steps.ts';

const { print } = createTerminal(process.stdout);
const step = createSteps(process.stdout);

/** Builds every image that the compose file builds, and prints their sizes: `build-main.ts FOLDER`. */
async function main(folder: string): Promise<void> {
  // Here, where there is a network: the servers that the containers will work with.
  await step('Kafka and MongoDB are there', () => Promise.all([findKafka(), findMongod()]));
  const podman = await createPodman(folder);
  const bases = baseImagesOf(readText('docker/Dockerfile'));
  await step(`base image in place of ${bases.join(' and ')}`, () => makeBaseImage(podman, folder, bases));
  const built = Object.values(readCompose().services).flatMap(({ image, build }) =>
    build ? [{ image, build }] : [],
  );
  // Those of one target are one image with several names.
  for (const [target, same] of Map.groupBy(built, ({ build }) => build.target)) {
    const [{ build }] = same as [(typeof same)[0]];
    const images = same.map(({ image }) => image);
    const words = ['--file', join(ROOT, build.dockerfile), '--target', target];
    const names = images.flatMap((image) => ['--tag', image]);
    await step(`${images.join(', ')}: built, target ${target}`, () =>
      podman('build', '--pull=never', '--network=host', ...words, ...names, join(ROOT, build.context)),
    );
  }
  await printSizes(
    podman,
    bases[0]!,
    built.map(({ image }) => image),
  );
}

async function printSizes(podman: Podman, base: string, images: readonly string[]): Promise<void> {
  const sizeOf = async (image: string) =>
    Number(await podman('image', 'inspect', '--format', '{{.Size}}', image));
  const row = (name: string, ...sizes: readonly number[]) =>
    `  ${name.padEnd(24)}${sizes.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`.padStart(10)).join('')}`;
  const below = await sizeOf(base);
  print(`\n  ${'image'.padEnd(24)}${'size'.padStart(10)}${'above base'.padStart(12)}`);
  print(row('base image', below));
  for (const image of images) {
    const size = await sizeOf(image);
    print(row(image, size, size - below));
  }
  print('');
}

await main(process.argv[2]!);
