import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { EventRegistry, KafkaSettings, MongoSettings } from '@storepulse/contracts';
import { type LakeSettings, openDuck, openStore } from '@storepulse/lake';
import { lakeTypesOf } from '@storepulse/lake/columns';
import { lakeCollections, prepareLake } from '@storepulse/lake/manifest';
import { openScratch } from '@storepulse/lake/scratch';
import { createBatchDecoder } from '@storepulse/processor/aggregate/decode-batch';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import { unusableKafka, unusableMongo } from '@storepulse/processor/errors';
import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import { createShopTermsStore } from '@storepulse/processor/shop-terms';
import { createShopTable, readShops, type TopicReader } from '@storepulse/processor/shops';
import { openDatabase } from '@storepulse/processor/store/database';
import type { Logger } from 'pino';
import { createArriveStage } from './arrive/stage.ts';
import { createKeeper } from './keep/keeper.ts';
import { type ArchiverStatus, judge } from './operate/status.ts';
import type { Telemetry } from './operate/telemetry.ts';
import type { ArchiverSettings } from './settings.ts';
import type { OnStep } from './steps.ts';

/** What an archiver is built from. */
export interface ArchiverOptions {
  readonly events: EventRegistry;
  readonly kafka: KafkaSettings;
  readonly mongo: MongoSettings;
  readonly lake: LakeSettings;
  readonly settings: ArchiverSettings;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Called when the consumer has ended and does not come back: the process should end. */
  readonly onCrash: (error: Error) => void;
  /** Told of each step, for tests. @default nobody is told */
  readonly onStep?: OnStep;
  /** How often the keeper looks for work. @default 10 s */
  readonly roundMs?: number;
  /** How long a keeper that says nothing is waited for. @default 60 s */
  readonly leaseMs?: number;
}

/** A running archiver. */
export interface Archiver {
  status(): ArchiverStatus;
  /** Drains: reads no more, brings what was read into the lake, leaves the group. */
  stop(): Promise<void>;
}

const MB = 1_048_576;
/** How often the metrics of its tasks are brought up to date. */
const TELL_MS = 1_000;

/**
 * Starts reading, and keeping the lake.
 * @throws {ProcessorError} `SERVER_UNREACHABLE`, {LakeError} `LAKE_LOCATION`: what can't be used, and what to do
 */
export async function startArchiver(options: ArchiverOptions): Promise<Archiver> {
  const { events, settings, logger, telemetry, onCrash, now = Date.now, onStep = () => undefined } = options;
  const store = openStore(options.lake);
  const scratch = await openScratch('archiver', settings.scratch);
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const kafka = createKafka(options.kafka, `storepulse-archiver-${owner}`, logger);
  const [database, arriveDuck, keepDuck] = await Promise.all([
    openDatabase(options.mongo).catch(unusableMongo),
    openDuck({ memoryMb: settings.memoryMb, spillFolder: `${scratch}/spill-arrive` }),
    openDuck({ memoryMb: settings.memoryMb, spillFolder: `${scratch}/spill-keep` }),
    kafka.prepareTopics().catch(unusableKafka(options.kafka)),
  ]);
  await prepareLake(database.db);
  const collections = lakeCollections(database.db);
  const lakeTypes = lakeTypesOf(events);
  const reading: Promise<TopicReader> = readShops(
    kafka,
    `storepulse-lake-shops-${owner}`,
    () => shops,
    onCrash,
  );
  const shops = createShopTable(events, createShopTermsStore(database), async () =>
    (await reading).catchUp(),
  );
  const shared = {
    store,
    scratch,
    collections,
    client: database.client,
    owner,
    lakeTypes,
    logger,
    telemetry,
    now,
    onStep,
  };

  const stage = createArriveStage({
    ...shared,
    kafka,
    duck: arriveDuck,
    shopOf: (shop) => shops.get(shop),
    decodeBatch: createBatchDecoder(
      createDecoder(events, (shop) => shops.get(shop)?.shop),
      shops,
    ),
    flushMs: settings.flushMs,
    flushBytes: settings.flushMb * MB,
    onCrash,
  });
  const keeper = createKeeper({
    ...shared,
    duck: keepDuck,
    today: (ids) => todayOf(ids, shops, now()),
    fileBytes: settings.fileMb * MB,
    mergeMs: settings.mergeMs,
    keepMs: settings.keepMs,
    ...(options.roundMs === undefined ? {} : { roundMs: options.roundMs }),
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
  });
  const [reader] = await Promise.all([reading, stage.start()]);
  keeper.start();
  logger.info({ lake: options.lake.location }, 'the lake is written');
  const telling = setInterval(() => telemetry.noteTasks(stage.status().tasks), TELL_MS);

  return {
    status: () => judge(stage, settings.flushMs, now()),
    stop: async () => {
      clearInterval(telling);
      await Promise.all([stage.stop(), keeper.stop()]);
      await Promise.all([reader.stop(), kafka.close()]);
      arriveDuck.close();
      keepDuck.close();
      await database.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** The running day of each shop that is known, in its zone. */
function todayOf(
  ids: readonly string[],
  shops: Pick<ReturnType<typeof createShopTable>, 'get'>,
  now: number,
): ReadonlyMap<string, string> {
  return new Map(
    ids.flatMap((id) => {
      const calendar = shops.get(id)?.calendar;
      if (!calendar) return [];
      const { year, month, day } = calendar.localDate(now);
      return [[id, `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`] as const];
    }),
  );
}
