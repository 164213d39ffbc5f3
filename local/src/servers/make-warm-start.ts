import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../bootstrap/lock.mjs';
import { freePorts } from '../processes/free-ports.ts';
import { createGuard } from '../processes/guard.ts';
import { createService } from '../processes/service.ts';
import type { KafkaPrograms } from '../programs/find.ts';
import { warmStartFolder, warmStartIn } from '../programs/warm-start.ts';
import { kafkaService } from './kafka.ts';
import { kafkaFiles } from './kafka-config.ts';

/** A busy machine takes long to write the 12,000 classes. */
const END_MS = 120_000;

/**
 * Makes a warm start of a Java and a Kafka, unless it is there: a node starts, and what it has loaded is kept when it ends.
 * That takes the CPU time of three starts, once.
 * @throws {LocalError} when the node does not start
 * @throws {Error} when this Java can't keep classes
 */
export async function makeWarmStart({ java, libs }: KafkaPrograms, cacheFolder: string): Promise<void> {
  const whole = warmStartFolder(java.program, libs.program, cacheFolder);
  await withLock(`${whole}.lock`, async () => {
    if (existsSync(whole)) return;
    const aside = await mkdtemp(join(cacheFolder, '.warming-'));
    try {
      const kept = join(aside, 'kept');
      await mkdir(kept);
      await recordStart({ java: java.program, libs: libs.program }, aside, kept);
      await rename(kept, whole);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}

/** Has a node start and end in a folder, and puts what others need into the folder `kept`. */
async function recordStart(
  programs: { java: string; libs: string },
  folder: string,
  kept: string,
): Promise<void> {
  const { classes, checkpoint } = warmStartIn(kept);
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  const node = join(folder, 'node');
  const guard = createGuard();
  const service = createService(
    kafkaService({
      find: async () => programs,
      folder: node,
      port,
      controllerPort,
      shortLived: true,
      recordClasses: classes,
    }),
    { folder, guard },
  );
  try {
    await service.start();
    await copyFile(kafkaFiles(node).checkpoint, checkpoint);
  } finally {
    await service.stop(END_MS);
    await guard.close();
  }
  if (!existsSync(classes)) throw new Error(`${programs.java} keeps no classes`);
}
