import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog, type FactMetric, zoneCalendar } from '@storepulse/contracts';
import { foldFacts } from '@storepulse/exporter/facts/fold-facts';
import { createSnapshots } from '@storepulse/exporter/facts/snapshots';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { DEFAULT_LIMITS } from '@storepulse/exporter/work/limits';
import { runAtOnce } from '@storepulse/exporter/work/pacer';
import { startServers } from '@storepulse/local';
import { openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import type { Db } from 'mongodb';

/**
 * What metrics over facts cost, on a real mongod in one run: reading a shop's orders once, computing all customer
 * metrics by month from what was read, and, for comparison, one of them as an aggregation in MongoDB. Prints CPU
 * seconds of mongod and of this process, and wall times; the ratios are what matters.
 * `npx node --expose-gc bench/facts/run.ts [orders]`; without the flag the memory kept is not told right.
 */
const ORDERS = Number(process.argv[2] ?? 300_000);
const CUSTOMERS = ORDERS / 5;
const SHOP = 'shop';
const BEGIN = Date.UTC(2025, 0, 1);
const YEAR = 365 * 86_400_000;
const BATCH = 10_000;

async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function orderAt(i: number) {
  return {
    _id: `${SHOP}|${i}` as never,
    shop: SHOP,
    orderId: `order-${i}`,
    customerId: `customer-${(i * 7_919) % CUSTOMERS}`,
    eventTime: BEGIN + ((i * 104_729) % YEAR),
    subtotal: 1_000 + (i % 977),
    discount: i % 50,
    country: ['GB', 'FR', 'DE'][i % 3],
    device: 'mobile',
    channel: 'email',
    paymentMethod: 'card',
    lines: Array.from({ length: 4 }, (_, n) => ({
      sku: `SKU-${n}`,
      category: 'Home',
      quantity: 1,
      unitPrice: 250,
      discount: 0,
    })),
  };
}

async function fill(db: Db): Promise<void> {
  for (let from = 0; from < ORDERS; from += BATCH)
    await db.collection('orders').insertMany(Array.from({ length: BATCH }, (_, i) => orderAt(from + i)));
}

async function measure<T>(name: string, mongod: number, run: () => T | Promise<T>): Promise<T> {
  const [server, own, wall] = [await cpuSeconds(mongod), process.cpuUsage(), performance.now()];
  const result = await run();
  const { user, system } = process.cpuUsage(own);
  console.log(
    `${name.padEnd(48)} mongod ${((await cpuSeconds(mongod)) - server).toFixed(2)} s CPU, ` +
      `this process ${((user + system) / 1e6).toFixed(2)} s CPU, wall ${((performance.now() - wall) / 1_000).toFixed(2)} s`,
  );
  return result;
}

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-facts-'));
const servers = await startServers({ dataDir: folder, kafka: false });
const mongod = servers.mongo.pid!;
const settings = { uri: servers.mongoUri, database: 'bench' };
const database = await openDatabase(settings);
const store = createMongoStore(settings);
try {
  await prepareDatabase(database);
  await fill(database.db);
  const calendar = zoneCalendar('Europe/London');
  const months = Array.from({ length: 12 }, (_, i) => ({
    from: calendar.instant(2025, i + 1, 1),
    to: calendar.instant(2025, i + 2, 1),
  }));
  const metrics = [...catalog.metrics.values()].filter(
    (metric): metric is FactMetric => metric.kind === 'fact' && metric.facts === 'customers',
  );
  console.log(`${ORDERS} orders of ${CUSTOMERS} customers, ${metrics.length} metrics by month`);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const snapshots = createSnapshots(store, Date.now, DEFAULT_LIMITS.factCacheBytes);
  const { content } = await measure('read once', mongod, () =>
    snapshots.get(SHOP, 'customers', 'v1', 0, new AbortController().signal),
  );
  globalThis.gc?.();
  console.log(`kept: ${((process.memoryUsage().heapUsed - before) / ORDERS).toFixed(0)} bytes an order`);
  const fold = { metrics, buckets: months, groupOf: (value: string) => value, calendar, now: BEGIN + YEAR };
  const limits = { maxCells: 250_000 };
  for (const name of [undefined, 'country', 'cohort', 'segment']) {
    const dimension = name === undefined ? undefined : catalog.dimensions.get(name);
    await measure(`computed, ${name ? `by ${name}` : 'total'}`, mongod, () =>
      runAtOnce(foldFacts('customers', content, { ...fold, ...limits, dimension })),
    );
  }
  await measure('new customers by month, aggregated in MongoDB', mongod, () =>
    database.db
      .collection('orders')
      .aggregate(
        [
          { $match: { shop: SHOP, customerId: { $gt: '' } } },
          { $group: { _id: '$customerId', first: { $min: '$eventTime' } } },
          {
            $group: {
              _id: {
                $dateTrunc: { date: { $toDate: '$first' }, unit: 'month', timezone: calendar.timeZone },
              },
              customers: { $sum: 1 },
            },
          },
        ],
        { allowDiskUse: true },
      )
      .toArray(),
  );
} finally {
  await store.close();
  await database.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
