import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EventRegistry, KafkaSettings } from '@storepulse/contracts';
import { createBatchDecoder } from '@storepulse/processor/aggregate/decode-batch';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import { ProcessorError } from '@storepulse/processor/errors';
import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import type { Kafka } from '@storepulse/processor/kafka/port';
import { createShopTermsReader } from '@storepulse/processor/shop-terms';
import { createShopTable, readShops, type Shops, type TopicReader } from '@storepulse/processor/shops';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { ShopOf } from '../arrive/buffer.ts';
import type { DecodeBatch } from '../arrive/task.ts';

/** Where a tail reads, and who judges its records: as the archiver does. */
export interface TailSource {
  readonly kafka: Pick<Kafka, 'reader' | 'knownBounds' | 'endOfEpoch'>;
  readonly decodeBatch: DecodeBatch;
  readonly shopOf: ShopOf;
  close(): Promise<void>;
}

/**
 * Connects to Kafka, outside of any group, and reads the shops. It writes nothing anywhere: whose terms nobody has fixed yet is waited
 * for.
 * @param onCrash told when the shops can't be read any more
 * @throws Kafka's error when it can't be reached
 */
export async function openTailSource(options: {
  events: EventRegistry;
  kafka: KafkaSettings;
  db: Db;
  logger: Logger;
  onCrash: (error: Error) => void;
}): Promise<TailSource> {
  const { events, db, logger, onCrash } = options;
  const clientId = `storepulse-tail-${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const kafka = createKafka(options.kafka, clientId, logger);
  const terms = createShopTermsReader({ db });
  const alone = { ...kafka, consumer: kafka.reader };
  const reading: Promise<TopicReader> = readShops(alone, clientId, () => table, onCrash);
  const table = createShopTable(events, terms, async () => (await reading).catchUp());
  const shops: Shops = {
    get: table.get,
    refresh: async () =>
      (await table.refresh()) ??
      (terms.lacksSome ? { partitions: new Set<number>(), error: untold() } : undefined),
  };
  try {
    const reader = await reading;
    await shops.refresh();
    return {
      kafka,
      shopOf: table.get,
      decodeBatch: createBatchDecoder(
        createDecoder(events, (shop) => table.get(shop)?.shop),
        shops,
      ),
      close: async () => {
        await reader.stop();
        await kafka.close();
      },
    };
  } catch (error) {
    await kafka.close();
    throw error;
  }
}

const untold = () =>
  new ProcessorError('SHOPS_NOT_READ', 'A shop was told of that the processor has not begun to count yet.');
