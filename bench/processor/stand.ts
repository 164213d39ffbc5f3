import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaSettings, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { startServers } from '@storepulse/local';
import type { EventOptions } from '../workload/events.ts';
import { preload } from '../workload/preload.ts';
import { type Measured, measure } from './measure.ts';
import type { ParseOnlyOptions } from './parse-only.ts';
import { viewProgress } from './progress.ts';
import type { WholeProcessorOptions } from './whole-processor.ts';

/** Topics with events on them. */
export interface Loaded {
  readonly kafka: KafkaSettings;
  readonly events: number;
  readonly bytesPerEvent: number;
}

/** Real servers to measure on. */
export interface Stand extends AsyncDisposable {
  readonly mongoUri: string;
  /** Makes topics of their own and fills them with seeded events. */
  load(name: string, events: number, options: Omit<EventOptions, 'begin'>): Promise<Loaded>;
  /** Consuming and `JSON.parse`, nothing else. */
  parse(loaded: Loaded, reader: ParseOnlyOptions['reader'], processes: number): Promise<Measured>;
  /** The whole processor, from an empty database (or what is in it) to the last window published. */
  count(
    loaded: Loaded,
    options: { database: string; processes?: number; dedupe?: boolean },
  ): Promise<Measured>;
}

/** Event time of the first event of every bench, so that all runs are of the same events. */
const BEGIN = Date.UTC(2026, 0, 1);

/**
 * Starts the servers; they end with the stand.
 * @param profileFolder for a CPU profile of every measured process
 */
export async function createStand(profileFolder?: string): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
  const servers = await startServers({ dataDir: folder });
  const { mongoUri } = servers;
  const execArgv = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const program = (name: string) => new URL(name, import.meta.url);

  return {
    mongoUri,
    load: async (name, events, options) => {
      const kafka = readSettings(KafkaSettingsSchema, {
        KAFKA_BROKERS: servers.kafkaBrokers,
        TOPIC_PREFIX: `${name}.`,
        TOPIC_PARTITIONS: String(options.partitions),
      });
      const bytesPerEvent = await preload(kafka, events, { begin: BEGIN, ...options });
      return { kafka, events, bytesPerEvent };
    },
    parse: ({ kafka, events }, reader, processes) =>
      measure({
        program: program('parse-only.ts'),
        argument: { kafka, reader } satisfies ParseOnlyOptions,
        processes,
        events,
        execArgv,
        isDone: async (said) => said.reduce((sum, one) => sum + one.events, 0) >= events,
      }),
    count: async ({ kafka, events }, { database, processes = 1, dedupe = true }) => {
      const given = { kafka, mongoUri, database };
      const argument: WholeProcessorOptions = { ...given, dedupe, counts: 'query', environment: {} };
      const progress = await viewProgress({ ...given, events });
      try {
        const isDone = () => progress.isDone();
        return await measure({
          program: program('whole-processor.ts'),
          argument,
          processes,
          events,
          execArgv,
          isDone,
        });
      } finally {
        await progress.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
