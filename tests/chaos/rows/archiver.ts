import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ARCHIVER_STEPS } from '@storepulse/archiver/steps';
import { type StoreEvent, toRecord } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { createRandom } from '@storepulse/simulator/random/random';
import { type LakeView, lakeOf } from '../../archiver/lake-of.ts';
import { ARCHIVE_ORDER_FILE, ARCHIVE_ORDER_SIGNAL, type ArchiveOrder } from '../../archiver/orders.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import type { Difference } from '../support/oracle.ts';
import { watchExits } from '../support/orders.ts';

const REPEATS_OF_EACH = 50;
/** Merges need many small files, erasures a customer now and then. */
const ORDERS_AT_ONCE = 5;
const SEND_EVERY_MS = 40;
const ERASE_EVERY = 40;
const PATIENCE_MS = 60_000;
const SETTINGS = {
  ARCHIVER_FLUSH_MS: '100',
  ARCHIVER_MERGE_MS: '1000',
  ARCHIVER_REPLACED_KEEP_MS: '0',
  TOPIC_PARTITIONS: '2',
};

/** The archiver ends at each step of its work. */
export const archiver: Row = {
  id: 'L1',
  what: `\`kill -9\` of the archiver at each of ${ARCHIVER_STEPS.length} steps of writing, merging, erasing and deleting`,
  figure: 'every record once in the live files, erased customers in no file, no file left over',
  repeats: ARCHIVER_STEPS.length * REPEATS_OF_EACH,
  small: 0,
  run: async ({ servers: startServers, name, repeats, onRepeat, clock }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const pipeline = servers.pipeline(name);
    const folder = join(servers.folder, `${name}-lake`);
    const orderFile = join(servers.folder, `${name}.order.json`);
    const { service } = await pipeline.start(
      'archiver',
      { ...SETTINGS, LAKE_LOCATION: folder, [ARCHIVE_ORDER_FILE]: orderFile },
      'tests/archiver/crashing-archiver.ts',
    );
    const exited = watchExits({ service, url: '', stop: async () => undefined });
    await using lake = await lakeOf(pipeline, folder);
    const shop = await openShop(pipeline);
    for (let n = 0; n < repeats; n++) {
      const step = ARCHIVER_STEPS[n % ARCHIVER_STEPS.length]!;
      const order: ArchiveOrder = { step, passage: createRandom(`${name}|${n}`).integer(1, 3) };
      await attempts.repeat(`killed at ${step}`, async () => {
        const stop = shop.sendOn();
        try {
          // A claim is made at the start alone: the next process finds the order.
          if (step === 'claimed') await service.kill();
          writeFileSync(orderFile, JSON.stringify(order));
          if (step === 'claimed') await service.start().catch(() => undefined);
          else process.kill(service.pid!, ARCHIVE_ORDER_SIGNAL);
          const isOpen = () => existsSync(orderFile);
          await until('the order is carried out', isOpen, (waits) => !waits, PATIENCE_MS);
          if (step !== 'claimed') await exited();
        } finally {
          await stop();
        }
        return await recover();
      });
    }
    async function recover(): Promise<number> {
      const sent = shop.sent();
      const stopwatch = await clock.start();
      await service.start();
      return until(
        'all that was sent has its fate',
        () => sumOf(lake),
        (n) => n >= sent,
        PATIENCE_MS,
      ).then(stopwatch);
    }
    attempts.differences(await differences(pipeline, lake, folder, shop));
    attempts.figure('records', shop.sent());
    attempts.figure('erased customers', shop.erased.size);
    return attempts.outcome();
  },
};

interface Shop {
  sent(): number;
  readonly orders: ReadonlyMap<string, string>;
  readonly erased: ReadonlySet<string>;
  /** Sends until it is told to stop. */
  sendOn(): () => Promise<void>;
}

/** A shop whose orders are sent straight to Kafka, with every copy and fate known. */
async function openShop(pipeline: Pipeline): Promise<Shop> {
  const producer = pipeline.kafka.producer();
  await producer.connect();
  pipeline.onStop(() => producer.disconnect());
  const orders = new Map<string, string>();
  const erased = new Set<string>();
  let sent = 0;
  const send = async (topic: string, messages: { key: string; value: string | null }[]) => {
    await producer.send({ topic: `${pipeline.prefix}${topic}`, messages, acks: -1 });
    sent += messages.length;
  };
  const sendEvents = (topic: string, events: readonly StoreEvent[]) =>
    send(
      topic,
      events.map((event) => {
        const { key, value } = toRecord(event, '/test');
        return { key, value };
      }),
    );
  await sendEvents('shops', [SHOP]);
  let count = 0;
  const round = async () => {
    const some = Array.from({ length: ORDERS_AT_ONCE }, () => {
      count += 1;
      const customerId = `customer-${Math.floor(count / ERASE_EVERY)}-person`;
      const orderId = `o${count}`;
      orders.set(orderId, customerId);
      return anOrder({
        ...{ orderId, customerId, visitorId: `v${count % 97}`, eventId: randomUUID() },
        eventTime: Date.now() - (count % 3) * 86_400_000,
      });
    });
    await sendEvents('transactions', some);
    if (count % ERASE_EVERY < ORDERS_AT_ONCE && count > ERASE_EVERY) {
      const gone = `customer-${Math.floor(count / ERASE_EVERY) - 1}-person`;
      erased.add(gone);
      await send('customers', [{ key: `${SHOP.shop}|${gone}`, value: null }]);
    }
  };
  return {
    sent: () => sent,
    orders,
    erased,
    sendOn: () => {
      let wanted = true;
      const sending = (async () => {
        while (wanted) {
          await round();
          await sleep(SEND_EVERY_MS);
        }
      })();
      return async () => {
        wanted = false;
        await sending;
      };
    },
  };
}

const sumOf = async (lake: LakeView) => Object.values(await lake.fates()).reduce((sum, n) => sum + n, 0);

async function differences(
  { db }: Pipeline,
  lake: LakeView,
  folder: string,
  { orders, erased, sent }: Shop,
): Promise<Difference[]> {
  await until(
    'all is archived',
    () => sumOf(lake),
    (n) => n === sent(),
    PATIENCE_MS,
  ).catch(() => undefined);
  const open = () => db.collection('lake-erasures').countDocuments();
  await until('all erasures are done', open, (n) => n === 0, PATIENCE_MS).catch(() => undefined);
  const extra = async () => (await lake.onDisk()).length - (await lake.files()).length;
  await until('no other file is there', extra, (n) => n === 0, PATIENCE_MS).catch(() => undefined);
  const rows = await lake.select('order_id, customer_id', 'order_placed');
  const times = Map.groupBy(rows, ({ order_id }) => String(order_id));
  let told = 0;
  for (const path of await lake.onDisk()) {
    const text = (await readFile(join(folder, path))).toString('latin1');
    for (const customer of erased) if (text.includes(customer)) told += 1;
  }
  const live = await lake.files();
  return [
    { cell: 'records with a fate', expected: sent(), shown: await sumOf(lake) },
    { cell: 'orders', expected: orders.size, shown: [...orders.keys()].filter((id) => times.has(id)).length },
    { cell: 'rows of orders', expected: orders.size, shown: rows.length },
    {
      cell: 'rows that the manifest counts',
      expected: orders.size + 1,
      shown: live.reduce((sum, f) => sum + f.rows, 0),
    },
    {
      cell: 'erased customers in rows',
      expected: 0,
      shown: rows.filter(({ customer_id }) => erased.has(String(customer_id))).length,
    },
    { cell: 'erased customers in files', expected: 0, shown: told },
    {
      cell: 'customers who were not erased',
      expected: [...orders.values()].filter((id) => !erased.has(id)).length,
      shown: rows.filter(({ customer_id }) => customer_id !== null).length,
    },
    { cell: 'files left over', expected: 0, shown: await extra() },
  ].filter(({ expected, shown }) => expected !== shown);
}
