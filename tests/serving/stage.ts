import type { AddressInfo } from 'node:net';
import {
  type Catalog,
  COLLECTIONS,
  type EventOf,
  eventRegistry,
  overFetch,
  type Shop,
  type StoreEvent,
  zoneCalendar,
} from '@storepulse/contracts';
import { createApp } from '@storepulse/exporter/app';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { beat } from '@storepulse/processor/aggregate/heartbeats';
import { openTask } from '@storepulse/processor/aggregate/open-task';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import type { Task } from '@storepulse/processor/aggregate/task';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import type { OutputRecord } from '@storepulse/processor/kafka/port';
import { createMerger } from '@storepulse/processor/merge/merger';
import type { Database } from '@storepulse/processor/store/database';
import { pino } from 'pino';
import { taskDependencies, WANTED } from '../protocol/facts-task.ts';
import { until } from '../support/until.ts';

/** Tasks that count, a merger and an exporter over one database, each told what to do step by step. */
export interface ServingStage extends AsyncDisposable {
  readonly url: string;
  /** Counts events in a task and commits them. @param options.unread records of the topic that are not read yet */
  count(task: string, events: readonly StoreEvent[], options?: { unread?: number }): Promise<void>;
  /** Lets a task that has nothing to count say how far it has read. */
  heartbeat(task: string): Promise<void>;
  /** Merges all counted windows that `wanted` takes; returns what is to be published. */
  merge(wanted?: (window: string) => boolean): Promise<OutputRecord[]>;
  /** What the exporter answers. */
  get(path: string): Promise<string>;
  /** Puts a call to the exporter. */
  readonly ask: ReturnType<typeof overFetch>;
}

const TASKS = ['facts/0', 'facts/1'];

/** Sets the parts up. @param now the wall clock of all of them, epoch ms */
export async function serve(
  database: Database,
  uri: string,
  catalog: Catalog,
  shops: readonly (Shop & EventOf<'shop_upserted'>)[],
  now: () => number,
): Promise<ServingStage> {
  const table = new Map(shops.map((shop) => [shop.shop, { shop, calendar: zoneCalendar(shop.timeZone) }]));
  const known = { get: (shop: string) => table.get(shop), refresh: async () => undefined };
  const plan = compilePlan(catalog);
  const dependencies = taskDependencies(database, {
    plan,
    shops: known,
    decoder: createDecoder(eventRegistry, (shop) => table.get(shop)?.shop),
    now,
  });
  const merge = createMerger({
    database,
    plan,
    shops: known,
    tasksOf: new Map([...catalog.groups.keys()].map((group) => [group, TASKS])),
    latenessMs: dependencies.latenessMs,
    now,
  });
  for (const { type: _, ...shop } of shops)
    await database.db
      .collection<{ _id: string }>(COLLECTIONS.shops)
      .replaceOne({ _id: shop.shop }, shop, { upsert: true });

  const tasks = new Map<string, Task>();
  const open = async (id: string): Promise<Task> => {
    const bounds = new Map([['transactions' as const, { partition: 0, low: 0, high: 0 }]]);
    const lost = (error: Error) => {
      throw error;
    };
    const task = tasks.get(id) ?? (await openTask(id, bounds, lost, dependencies));
    tasks.set(id, task);
    return task;
  };

  const store = createMongoStore({ uri, database: database.db.databaseName });
  const app = await createApp({ store, catalog, log: pino({ level: 'silent' }), version: '1.2.3', now });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  return {
    url,
    count: async (id, events, { unread = 0 } = {}) => {
      const task = await open(id);
      const from = task.positions.get('transactions')!;
      const records = events.map((event, n) => ({
        key: Buffer.from(`${(event as { shop: string }).shop}|${(event as { visitorId: string }).visitorId}`),
        value: Buffer.from(JSON.stringify(event)),
        headers: {},
        offset: from + n,
        timestamp: now(),
      }));
      const next = from + records.length;
      const batch = { topic: 'transactions' as const, partition: 0, records, next, end: next + unread };
      // A task takes few records before its first commit.
      while (task.positions.get('transactions')! < next) await task.process(batch, WANTED);
      await task.settle();
      await untilCommitted(database, id, next);
    },
    heartbeat: async (id) => beat(database, [await open(id)]),
    merge: async (wanted = () => true) => {
      const windows = await database.partials.distinct('window');
      return merge(windows.filter(wanted));
    },
    get: async (path) => (await fetch(new URL(path, url))).text(),
    ask: overFetch({ fetch, url }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await store.close();
      await Promise.all([...tasks.values()].map((task) => task.close()));
    },
  };
}

async function untilCommitted({ checkpoints }: Database, task: string, offset: number): Promise<void> {
  await until(
    `${task} has committed up to ${offset}`,
    () => checkpoints.findOne({ _id: task }),
    (state) => state?.offsets.transactions === offset,
  );
}
