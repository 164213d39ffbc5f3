import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { askJson } from '../../ask-json.ts';
import { messageOf } from '../../errors.ts';
import { addRecorded, addSamples } from './add-blocks.ts';
import { askPast } from './ask-past.ts';
import { pastTotals, STEP_MS } from './past-totals.ts';

/** What a Prometheus gets its past from. */
export interface PastSource {
  exporter: string;
  processor: string;
  /** Undefined where none runs. */
  simulator: string | undefined;
  /** File with the key that the exporter asks for; undefined where it asks for none. */
  exporterKeyFile: string | undefined;
}

/** The Prometheus that gets it. */
export interface PastTarget {
  findPromtool(): Promise<string>;
  /** Its `--storage.tsdb.path`. */
  storage: string;
  url: string;
  /** The files of its rules. */
  ruleFiles(): Promise<readonly string[]>;
}

/** Gives a Prometheus that begins the past that is in the store. */
export interface PastFiller {
  /**
   * Before it starts for the first time: its counters of the last four weeks. What is not counted yet is waited for, since a
   * history that is counted while Prometheus looks on would be a rush of orders.
   * @returns whether it got any
   */
  fill(note: (text: string) => void, signal: AbortSignal): Promise<boolean>;
  /** Once it has started: what its rules would have recorded of them. */
  record(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
/** A history of ninety days on a slow machine. */
const PATIENCE_MS = 900_000;
/** A run that has come so near to now has made its history. */
const NEAR_MS = 120_000;
const NOTHING = { from: 0, to: 0 };

/** Makes a filler. @param now epoch ms */
export function createPastFiller(
  source: PastSource,
  { findPromtool, storage, url, ruleFiles }: PastTarget,
  now: () => number,
): PastFiller {
  let filled = NOTHING;
  return {
    async fill(note, signal) {
      if (existsSync(storage)) return false;
      if (!(await isCounted(source, now)))
        note('prometheus starts when the history is counted: it gets it, too');
      const deadline = now() + PATIENCE_MS;
      while (!(await isCounted(source, now))) {
        if (now() > deadline) {
          note('prometheus starts without a past: the history is not counted yet');
          return false;
        }
        await sleep(LOOK_EVERY_MS, undefined, { signal });
      }
      try {
        filled = await fillFrom(source, await findPromtool(), storage, now());
      } catch (error) {
        // Its absence is no reason to have no Prometheus.
        note(`prometheus starts without a past: ${messageOf(error)}`);
      }
      return filled !== NOTHING;
    },
    async record() {
      if (filled === NOTHING) return;
      const span = { ...filled, stepMs: STEP_MS };
      await addRecorded(await findPromtool(), storage, { url, ...span, files: await ruleFiles() });
    },
  };
}

/** @returns the time that was filled */
async function fillFrom(
  { exporter, exporterKeyFile }: PastSource,
  promtool: string,
  storage: string,
  now: number,
): Promise<typeof NOTHING> {
  const key = exporterKeyFile && (await readFile(exporterKeyFile, 'utf8')).trim();
  const scraped = { job: 'storepulse-exporter', instance: new URL(exporter).host };
  const counters = await askPast({ url: exporter, key: key || undefined }, scraped, now);
  const hours = counters.flatMap((counter) => counter.hours);
  if (hours.length === 0) return NOTHING;
  await addSamples(promtool, storage, pastTotals(counters));
  return { from: Math.min(...hours.map(({ from }) => from)), to: now };
}

/** Whether all that the simulator made of the past is counted and merged. */
async function isCounted({ simulator, processor }: PastSource, now: () => number): Promise<boolean> {
  interface Counting {
    ready: boolean;
    lag: { records: number };
    merge: { lag: number };
  }
  try {
    const run =
      simulator && (await askJson<{ madeUntil: number | null }>('The simulator', `${simulator}/v1/status`));
    if (run && (run.madeUntil ?? 0) < now() - NEAR_MS) return false;
    const { ready, lag, merge } = await askJson<Counting>('The processor', `${processor}/-/ready`);
    return ready && lag.records + merge.lag === 0;
  } catch {
    // Not ready is an answer of another status; whoever is away may come back.
    return false;
  }
}
