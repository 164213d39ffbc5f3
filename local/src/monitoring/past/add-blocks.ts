import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../programs/run.ts';

const WRITE_TIMEOUT_MS = 300_000;
/** promtool reads everything once for each block: of two hours each, four weeks take minutes. */
const LONG_BLOCKS = '--max-block-duration=720h';

/**
 * Puts samples into the storage of a Prometheus. One that runs reads new blocks once a minute.
 * @param folder its `--storage.tsdb.path`
 * @param text in the form of OpenMetrics
 */
export async function addSamples(promtool: string, folder: string, text: string): Promise<void> {
  await addBlocks(promtool, folder, async (aside, blocks) => {
    const file = join(aside, 'samples.txt');
    await writeFile(file, text);
    return ['openmetrics', file, blocks];
  });
}

/** What recording rules are evaluated over. */
export interface Recorded {
  /** The Prometheus that is asked. */
  url: string;
  /** Epoch ms. */
  from: number;
  to: number;
  stepMs: number;
  /** Files of rules. */
  files: readonly string[];
}

/** Puts what recording rules would have recorded into the storage of a Prometheus that runs. @param folder its `--storage.tsdb.path` */
export async function addRecorded(
  promtool: string,
  folder: string,
  { url, from, to, stepMs, files }: Recorded,
): Promise<void> {
  const seconds = (ms: number) => String(Math.floor(ms / 1_000));
  await addBlocks(promtool, folder, async (_aside, blocks) => [
    ...['rules', `--url=${url}`, `--start=${seconds(from)}`, `--end=${seconds(to)}`],
    ...[`--eval-interval=${seconds(stepMs)}s`, `--output-dir=${blocks}`],
    ...files,
  ]);
}

/** Blocks are made aside, so that Prometheus meets none that is half written. */
async function addBlocks(
  promtool: string,
  folder: string,
  argsFor: (aside: string, blocks: string) => Promise<string[]>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(join(folder, '..', '.blocks-'));
  try {
    const blocks = join(aside, 'blocks');
    const args = await argsFor(aside, blocks);
    await run(promtool, ['tsdb', 'create-blocks-from', LONG_BLOCKS, ...args], {
      timeoutMs: WRITE_TIMEOUT_MS,
    });
    for (const name of await readdir(blocks)) await rename(join(blocks, name), join(folder, name));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
