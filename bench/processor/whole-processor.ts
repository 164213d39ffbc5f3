import { catalog, eventRegistry, type KafkaSettings } from '@storepulse/contracts';
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
  /** What is counted: the query of the benches, the same with the last index of each lane, or all of the product's metrics. */
  readonly counts: keyof typeof COUNTED;
  /** Settings by environment variable. */
  readonly environment: Readonly<Record<string, string>>;
}

/** By what is counted: the catalogue, and the events, of which the benches' may be without recognition of repeated ids. */
const COUNTED = {
  query: { catalog: benchCatalog, events: benchEvents },
  lanes: { catalog: lanesCatalog, events: benchEvents },
  product: { catalog, events: () => eventRegistry },
} as const;

const options = JSON.parse(process.argv[2]!) as WholeProcessorOptions;
const { kafka, mongoUri, database, dedupe, counts, environment } = options;

await serveMeasurement({
  start: () =>
    startProcessor({
      catalog: COUNTED[counts].catalog,
      events: COUNTED[counts].events(dedupe),
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
