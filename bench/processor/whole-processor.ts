import type { KafkaSettings } from '@storepulse/contracts';
import { createTelemetry, readProcessorSettings, startProcessor } from '@storepulse/processor';
import { pino } from 'pino';
import { benchCatalog, benchEvents, lanesCatalog } from '../workload/query.ts';
import { serveMeasurement } from './child.ts';

/** What a measured processor is told. */
export interface WholeProcessorOptions {
  readonly kafka: KafkaSettings;
  readonly mongoUri: string;
  readonly database: string;
  /** Whether event ids are remembered. */
  readonly dedupe: boolean;
  /** Whether the last index of each lane is kept too. */
  readonly lanes: boolean;
  /** Settings by environment variable. */
  readonly environment: Readonly<Record<string, string>>;
}

const options = JSON.parse(process.argv[2]!) as WholeProcessorOptions;
const { kafka, mongoUri, database, dedupe, lanes, environment } = options;

await serveMeasurement({
  start: () =>
    startProcessor({
      catalog: lanes ? lanesCatalog : benchCatalog,
      events: benchEvents(dedupe),
      kafka,
      mongo: { uri: mongoUri, database },
      settings: readProcessorSettings(environment).processor,
      logger: pino({ level: 'warn' }, pino.destination(2)),
      telemetry: createTelemetry(),
      onCrash: (error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
      },
    }),
  // The checkpoints tell it, to whoever asks MongoDB.
  done: () => 0,
});
