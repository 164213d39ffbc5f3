import {
  aggregators,
  type Catalog,
  eventRegistry,
  type MetricDocument,
  type Stored,
} from '@storepulse/contracts';
import {
  createTelemetry,
  type Processor,
  readProcessorSettings,
  startProcessor,
} from '@storepulse/processor';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { until } from '../support/until.ts';

/** Starts a processor with a catalogue of its own in this process. @param shiftMs its clock's, against the wall */
export async function count(
  pipeline: Pipeline,
  catalog: Catalog,
  { database, shiftMs = 0 }: { database?: string; shiftMs?: number } = {},
): Promise<Processor> {
  const { kafka, mongo, processor } = readProcessorSettings({
    ...pipeline.settings,
    ...(database ? { MONGODB_DATABASE: database } : {}),
  });
  const running = await startProcessor({
    catalog,
    events: eventRegistry,
    ...{ kafka, mongo, settings: processor },
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry(),
    now: () => Date.now() + shiftMs,
    onCrash: (error) => {
      throw error;
    },
  });
  pipeline.onStop(() => running.stop());
  await until(
    'the processor owns its tasks',
    () => running.status(),
    ({ started }) => started,
  );
  return running;
}

/** Waits until every visit has been settled. */
export async function untilSettled(db: Db): Promise<void> {
  await until(
    'all visits are settled',
    () => db.collection('sessions').countDocuments({ settled: false }),
    (open) => open === 0,
  );
}

/** Every number that is shown, by `window dimension/value metric`; zeros and what was never added to are the same. */
export async function figures(db: Db, catalog: Catalog): Promise<Map<string, unknown>> {
  const measures = new Map(
    [...catalog.groups.values()].flat().map(({ name, measure }) => [name, aggregators[measure]]),
  );
  const all = new Map<string, unknown>();
  for await (const { _id, cells } of db
    .collection<MetricDocument>('metrics')
    .find({}, { promoteBuffers: true })) {
    for (const [dimension, values] of Object.entries(cells)) {
      for (const [value, cell] of Object.entries(values)) {
        for (const [metric, stored] of Object.entries<Stored>(cell)) {
          const aggregator = measures.get(metric);
          if (!aggregator) continue;
          const number = aggregator.value(aggregator.decode(stored));
          if (number !== 0 && number !== null) all.set(`${_id} ${dimension}/${value} ${metric}`, number);
        }
      }
    }
  }
  return all;
}

/** The figures of some metrics, or of all others. */
export function of(all: ReadonlyMap<string, unknown>, isWanted: (metric: string) => boolean) {
  const chosen = [...all].filter(([key]) => isWanted(key.split(' ').at(-1)!));
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
}
