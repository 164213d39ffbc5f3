import type { Catalog, EventRegistry, KafkaSettings, MongoSettings } from '@storepulse/contracts';
import type { Logger } from 'pino';
import { unusableKafka, unusableMongo } from '../errors.ts';
import { createKafka } from '../kafka/kafkajs.ts';
import type { ProcessorSettings } from '../settings.ts';
import { createShopTermsStore } from '../shop-terms.ts';
import { createShopTable, readShops, type TopicReader } from '../shops.ts';
import { openDatabase, prepareDatabase } from '../store/database.ts';
import { prepareLayout, refuseNewerLayout } from '../store/layout.ts';
import { forgetMetric, readStoredMetrics } from '../store/stored-metrics.ts';
import type { RebuildActions } from './program.ts';
import type { RebuildProgress } from './progress.ts';
import { requestRebuild } from './request.ts';
import { runRebuild } from './run.ts';

/** What rebuilds are made with. */
export interface RebuildOptions {
  readonly catalog: Catalog;
  readonly events: EventRegistry;
  readonly kafka: KafkaSettings;
  readonly mongo: MongoSettings;
  readonly settings: ProcessorSettings;
  /** Names this process. */
  readonly owner: string;
  readonly logger: Logger;
  readonly onProgress: (progress: RebuildProgress) => void;
  /** Aborted when a rebuild is to stop; it goes on from there the next time. */
  readonly signal: AbortSignal;
}

/** The actions of `npm run rebuild` on real servers; connections are opened at the first one. */
export function openRebuilds(options: RebuildOptions): RebuildActions & { close(): Promise<void> } {
  const { catalog, events, owner, logger } = options;
  const ends: (() => Promise<unknown>)[] = [];
  let opened: ReturnType<typeof connect> | undefined;

  const connect = async () => {
    const kafka = createKafka(options.kafka, `storepulse-rebuild-${owner}`, logger);
    ends.push(() => kafka.close());
    const [database] = await Promise.all([
      openDatabase(options.mongo).catch(unusableMongo),
      kafka.prepareTopics().catch(unusableKafka(options.kafka)),
    ]);
    ends.push(() => database.close());
    await refuseNewerLayout(database);
    await prepareDatabase(database);
    const partitions = (await kafka.bounds('transactions')).length;
    await prepareLayout(database, catalog, partitions, owner);
    return { ...options, kafka, database, partitions, now: Date.now };
  };
  const connected = () => {
    opened ??= connect();
    return opened;
  };

  return {
    list: async () => {
      const metrics = await readStoredMetrics((await connected()).database.storedMetrics);
      return [...metrics.values()].sort((a, b) => a._id.localeCompare(b._id));
    },
    forget: async (metric) => forgetMetric((await connected()).database.storedMetrics, catalog, metric),
    request: async (metric, from) => requestRebuild(metric, from, await connected()),
    run: async (rebuild) => {
      const connection = await connected();
      const sender = await connection.kafka.sender();
      ends.push(() => sender.close());
      const crash = Promise.withResolvers<never>();
      // Also one that comes before it is waited for.
      crash.promise.catch(() => undefined);
      const reading: Promise<TopicReader> = readShops(
        connection.kafka,
        `storepulse-shops-${owner}`,
        () => shops,
        crash.reject,
      );
      const shops = createShopTable(events, createShopTermsStore(connection.database), async () =>
        (await reading).catchUp(),
      );
      const reader = await reading;
      ends.push(() => reader.stop());
      return Promise.race([runRebuild(rebuild, { ...connection, sender, shops }), crash.promise]);
    },
    close: async () => {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}
