import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Catalog,
  type EventRegistry,
  type KafkaSettings,
  type MongoSettings,
  mongoConnection,
} from '@storepulse/contracts';
import type { Logger } from 'pino';
import { oneForEachWindow } from './aggregate/announce.ts';
import { compilePlan } from './aggregate/plan.ts';
import { createAggregateStage } from './aggregate/stage.ts';
import { createDecoder } from './decode/decoder.ts';
import { createErasure } from './erasure/erasure.ts';
import { unusableKafka, unusableMongo } from './errors.ts';
import { createKafka } from './kafka/kafkajs.ts';
import { countPartitions } from './kafka/partitions.ts';
import { sendTogether } from './kafka/send-together.ts';
import { createExpirer } from './merge/expirer.ts';
import { createFinalizer } from './merge/finalizer.ts';
import { MERGED_AT_ONCE } from './merge/merge-notices.ts';
import { mergeTogether } from './merge/merge-together.ts';
import { createMerger } from './merge/merger.ts';
import { createMergeProgress } from './merge/progress.ts';
import { createMergeStage } from './merge/stage.ts';
import { announceUnmerged } from './merge/unmerged.ts';
import { startClockCheck } from './operate/clock-check.ts';
import { judge, type ProcessorStatus } from './operate/readiness.ts';
import type { Telemetry } from './operate/telemetry.ts';
import type { ProcessorSettings } from './settings.ts';
import { createShopTermsStore } from './shop-terms.ts';
import { createShopTable, readShops, type TopicReader } from './shops.ts';
import { createCatalogCheck, createClaimNote } from './store/claim-note.ts';
import { openDatabase, prepareDatabase, serverTime } from './store/database.ts';
import { prepareLayout, refuseNewerLayout } from './store/layout.ts';
import { registerMetrics } from './store/stored-metrics.ts';
import { factTasks, feedingTasks, taskGroups, tasksOfMetric } from './task-groups.ts';

/** What a processor is built from. Catalogue and events are parameters, so that tests and benches bring their own. */
export interface ProcessorOptions {
  readonly catalog: Catalog;
  readonly events: EventRegistry;
  readonly kafka: KafkaSettings;
  readonly mongo: MongoSettings;
  readonly settings: ProcessorSettings;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Called when a stage has ended and does not come back: the process should end. */
  readonly onCrash: (error: Error) => void;
  /** How Kafka and MongoDB are reached. @default the real clients */
  readonly ports?: ProcessorPorts;
}

/** What opens the connections of a processor; tests put faults in between. */
export interface ProcessorPorts {
  readonly openKafka: typeof createKafka;
  readonly openDatabase: typeof openDatabase;
}

const REAL_PORTS: ProcessorPorts = { openKafka: createKafka, openDatabase };

/** A running processor. */
export interface Processor {
  status(): ProcessorStatus;
  /** Drains: reads no more, commits what was counted, leaves the groups. */
  stop(): Promise<void>;
}

/**
 * Starts the stages named in the settings.
 * @throws {ProcessorError} when the stored state does not fit this catalogue or the topics, or MongoDB or Kafka can't be used.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  const {
    catalog,
    events,
    settings,
    logger,
    telemetry,
    onCrash,
    now = Date.now,
    ports = REAL_PORTS,
  } = options;
  const { overruled } = mongoConnection(options.mongo);
  if (overruled.length > 0)
    logger.warn({ overruled }, 'these options of MONGODB_URI are not used: the protocol decides them');
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const kafka = ports.openKafka(options.kafka, `storepulse-processor-${owner}`, logger);
  const [database] = await Promise.all([
    ports.openDatabase(options.mongo).catch(unusableMongo),
    kafka.prepareTopics().catch(unusableKafka(options.kafka)),
  ]);
  const [partitions, sender] = await Promise.all([
    countPartitions(kafka),
    kafka.sender(),
    refuseNewerLayout(database).then(() => prepareDatabase(database)),
  ]);
  await prepareLayout(database, catalog, partitions, owner);
  const generations = await registerMetrics(database.storedMetrics, catalog);

  const plan = compilePlan(catalog, { generations });
  const tasksOf = feedingTasks(catalog, events, taskGroups, partitions);
  const tasksOfFacts = factTasks(events, taskGroups, partitions);
  // Not waited for: a claim brings the shops up to date first, and joining a group takes longer than reading them.
  const reading: Promise<TopicReader> = readShops(kafka, `storepulse-shops-${owner}`, () => shops, onCrash);
  const shops = createShopTable(events, createShopTermsStore(database), async () =>
    (await reading).catchUp(),
  );
  const shared = { plan, shops, database, logger, telemetry, now, latenessMs: settings.latenessMs };

  const aggregate =
    settings.stages === 'merge'
      ? undefined
      : createAggregateStage(
          { kafka, groups: taskGroups, group: 'storepulse-aggregate', onCrash },
          {
            ...shared,
            ...settings,
            sender: sendTogether(sender, ['metric-changes'], oneForEachWindow),
            owner,
            partitions,
            noteClaim: createClaimNote(database, catalog, generations, (metric) =>
              tasksOfMetric(metric, events, taskGroups, partitions),
            ),
            erasureOf: (task, reads) => createErasure(task, database, tasksOfFacts, reads),
            decoder: createDecoder(events, (shop) => shops.get(shop)?.shop),
          },
        );
  const merger = createMerger({ ...shared, tasksOf });
  const merge =
    settings.stages === 'aggregate'
      ? undefined
      : createMergeStage({
          ...shared,
          kafka,
          group: 'storepulse-merge',
          progress: createMergeProgress(database, now),
          announceUnmerged: (lost) => announceUnmerged(database, sender, lost),
          checkCatalog: createCatalogCheck(database, catalog, generations),
          merge: mergeTogether(merger, MERGED_AT_ONCE),
          mergeFurther: mergeTogether(merger, MERGED_AT_ONCE),
          finalize: createFinalizer({
            ...shared,
            sender,
            tasks: [...new Set([...tasksOf.values()].flat())],
            noteOpen: (windows) => telemetry.openWindows.set(windows),
          }),
          expire: createExpirer({ database, sender, now }),
          onCrash,
        });
  const [reader] = await Promise.all([reading, aggregate?.start(), merge?.start()]);
  const clock = startClockCheck({
    serverTime: () => serverTime(database),
    now,
    noteAhead: (ms) => telemetry.clockAhead.set(ms / 1_000),
    logger,
  });

  return {
    status: () => judge(aggregate?.status(), merge?.status()),
    stop: async () => {
      await Promise.all([aggregate?.stop(), merge?.stop()]);
      await Promise.all([clock[Symbol.asyncDispose](), reader.stop(), sender.close(), kafka.close()]);
      await database.close();
    },
  };
}
