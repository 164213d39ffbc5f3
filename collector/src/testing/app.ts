import type { Shop } from '@storepulse/contracts';
import type { App } from '@storepulse/http';
import pino from 'pino';
import { type AppDeps, createApp } from '../app.ts';
import { createTelemetry } from '../http/telemetry.ts';
import type { OutgoingRecord, Sender, SendOutcome, Shops } from '../kafka/port.ts';
import { createShopTable } from '../kafka/shop-table.ts';

/** A Kafka of a test: an array, and what it answers. */
export interface MemoryKafka {
  readonly records: OutgoingRecord[];
  /** What becomes of a record. @default it is stored */
  outcome: (record: OutgoingRecord) => SendOutcome;
  /** Waited for before records are answered. @default nothing */
  hold: Promise<void>;
  /** Shops that the next look at the topic's end finds. */
  readonly toCome: Shop[];
  /** Why the topic `shops` is not read to its end. @default it is */
  unread: string | undefined;
}

/** The collector's server over a Kafka in memory that knows some shops, not listening: for `inject`. */
export async function appOver(
  known: readonly Shop[],
  deps: Partial<AppDeps> = {},
): Promise<{ app: App; kafka: MemoryKafka }> {
  const kafka: MemoryKafka = {
    records: [],
    outcome: () => 'stored',
    hold: Promise.resolve(),
    toCome: [],
    unread: undefined,
  };
  const table = createShopTable();
  for (const shop of known) table.add(shop);
  const shops: Shops = {
    get: table.get,
    add: table.add,
    catchUp: async () => {
      for (const shop of kafka.toCome.splice(0)) table.add(shop);
      return kafka.unread;
    },
    trouble: () => kafka.unread,
    close: async () => {},
  };
  const sender: Sender = {
    send: async (records) => {
      await kafka.hold;
      const outcomes = records.map(kafka.outcome);
      kafka.records.push(...records.filter((_record, i) => outcomes[i] === 'stored'));
      return outcomes;
    },
    trouble: () => undefined,
    close: async () => {},
  };
  const app = await createApp({
    ...{ shops, sender, telemetry: createTelemetry(), log: pino({ level: 'silent' }) },
    ...deps,
  });
  return { app, kafka };
}
