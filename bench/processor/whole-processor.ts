import type { KafkaSettings } from '@storepulse/contracts';
import { createTelemetry, readProcessorSettings, startProcessor } from '@storepulse/processor';
import { pino } from 'pino';
import { benchCatalog, benchEvents } from '../workload/query.ts';
import { serveMeasurement } from './child.ts';

/** What a measured processor is told. */
export interface WholeProcessorOptions {
  readonly kafka: KafkaSettings;
  readonly mongoUri: string;
  readonly database: string;
  readonly dedupe: boolean;
}

const { kafka, mongoUri, database, dedupe } = JSON.parse(process.argv[2]!) as WholeProcessorOptions;

await serveMeasurement({
  start: () =>
    startProcessor({
      catalog: benchCatalog,
      events: benchEvents(dedupe),
      kafka,
      mongo: { uri: mongoUri, database },
      settings: readProcessorSettings({}).processor,
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
