import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { type RunningPart, startPart, startServers } from '@storepulse/local';
import { createKafkaProducer } from '@storepulse/simulator/sink/kafka-producer';
import { MongoClient } from 'mongodb';
import { percentile, rounded, showReport } from '../simulator/report.ts';
import { watchOrders } from './order-latencies.ts';
import { orderIn, recordOf, shopNamed, viewOf } from './shops.ts';

const HELP = `Usage: npx node bench/wide/run.ts [options]

What one shop with very many categories costs the others, on real servers, all on this machine: eight shops get orders at a
steady rate, while one shop's products are viewed
  not at all · in fifty categories · each in a category of its own
Measures how long the others' orders take from being due to being shown, how long /metrics of the exporter takes, and how
large the largest document has become.

  --values N    categories of the wide shop (default 126000)
  --rate N      views a second (default 700)
  --orders N    orders a second of the others (default 40)
  --seconds N   how long the first two last (default 45)
  --out FILE    writes the figures there as JSON
  --help
`;

const { values: options } = parseArgs({
  options: {
    values: { type: 'string', default: '126000' },
    rate: { type: 'string', default: '700' },
    orders: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '45' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const TICK_MS = 25;
const SCRAPE_EVERY_MS = 5_000;
/** Longest that all orders shall be shown after the last one. */
const SHOWN_WITHIN_MS = 120_000;
/** Longest that all shall be merged after the last view. */
const MERGED_WITHIN_MS = 300_000;
const OTHERS = Array.from({ length: 8 }, (_, n) => `shop-${n}`);
const WIDE = 'wide-shop';

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
const mongo = new MongoClient(servers.mongoUri);
const db = mongo.db('wide');
const latencies = watchOrders(db, OTHERS);
const parts: RunningPart[] = [];
const settings = {
  KAFKA_BROKERS: servers.kafkaBrokers,
  MONGODB_URI: servers.mongoUri,
  MONGODB_DATABASE: 'wide',
  LOG_LEVEL: 'warn',
};
try {
  const processor = await startPart('processor', settings, join(folder, 'processor'));
  parts.push(processor);
  const exporter = await startPart('exporter', settings, join(folder, 'exporter'));
  parts.push(exporter);
  const producer = createKafkaProducer(readSettings(KafkaSettingsSchema, settings), 'bench-wide');
  await producer.send([WIDE, ...OTHERS].map((shop) => recordOf(shopNamed(shop))));

  /** Sends views and orders, each when it is due, whatever became of the ones before. */
  const phase = async (name: string, seconds: number, views: number, categoryOf: (n: number) => string) => {
    const scrapes: { readonly ms: number; readonly kb: number }[] = [];
    const began = Date.now();
    let viewed = 0;
    let ordered = 0;
    let scrapedAt = 0;
    let scraping: Promise<void> = Promise.resolve();
    for (let share = 0; share < 1; await sleep(TICK_MS)) {
      const now = Date.now();
      share = Math.min(1, (now - began) / (seconds * 1_000));
      const records = [];
      for (; viewed < Math.floor(views * share); viewed++)
        records.push(recordOf(viewOf(WIDE, categoryOf(viewed), now, viewed)));
      for (; ordered < ((now - began) / 1_000) * Number(options.orders); ordered++) {
        const shop = OTHERS[ordered % OTHERS.length]!;
        const at = began + (ordered * 1_000) / Number(options.orders);
        latencies.due(shop, at);
        records.push(recordOf(orderIn(shop, Math.floor(at), `${name} ${ordered}`)));
      }
      if (records.length > 0) void producer.send(records);
      if (now - scrapedAt >= SCRAPE_EVERY_MS) {
        scrapedAt = now;
        scraping = scraping.then(async () => {
          scrapes.push(await scrape(exporter.url));
        });
      }
    }
    await scraping;
    const until = Date.now() + SHOWN_WITHIN_MS;
    while (latencies.open > 0 && Date.now() < until) await sleep(100);
    if (latencies.open > 0) throw new Error(`${latencies.open} orders are not shown in time`);
    const times = latencies.take();
    return {
      phase: name,
      views: viewed,
      orders: times.length,
      'p50 ms': rounded(percentile(times, 0.5)),
      'p99 ms': rounded(percentile(times, 0.99)),
      'most ms': rounded(times.at(-1) ?? Number.NaN),
      'scrape, most ms': rounded(Math.max(...scrapes.map(({ ms }) => ms))),
      'scrape, kB': rounded(Math.max(...scrapes.map(({ kb }) => kb))),
    };
  };

  const count = Number(options.values);
  const seconds = Number(options.seconds);
  const rate = Number(options.rate);
  await phase('warm-up', 10, 10 * rate, (n) => `Category ${n % 50}`);
  const rows = [
    await phase('no views', seconds, 0, String),
    await phase('fifty categories', seconds, seconds * rate, (n) => `Category ${n % 50}`),
    await phase('a category each', count / rate, count, (n) => `Home/item-page-${n}/some-long-name-${n}`),
  ];
  const sentAt = Date.now();
  const merged = await untilMerged();
  showReport('wide', rows, options.out);
  const [largest] = await largestDocuments();
  console.table({
    'all categories merged, s after the last view': rounded((merged - sentAt) / 1_000),
    'largest document, kB': rounded(largest! / 1_000),
    'p99 beside it, times that of fifty categories': rounded(
      (rows[2]!['p99 ms'] as number) / (rows[1]!['p99 ms'] as number),
      2,
    ),
    ...(await overBudget(processor.url)),
  });
  await producer.close();
} finally {
  await Promise.all([latencies.close(), ...parts.map((part) => part.stop())]);
  await mongo.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

async function scrape(url: string) {
  const began = performance.now();
  const text = await (await fetch(`${url}/metrics`)).text();
  return { ms: performance.now() - began, kb: text.length / 1_000 };
}

/** Waits until every category's one view is shown, and none twice. @returns when, epoch ms */
async function untilMerged(): Promise<number> {
  const until = Date.now() + MERGED_WITHIN_MS;
  for (;;) {
    const [found] = await db
      .collection('metrics')
      .aggregate<{ categories: number; views: number }>([
        {
          $match: {
            shop: WIDE,
            group: 'behaviour',
            part: { $in: ['narrow', 'category'] },
            resolution: 'all',
          },
        },
        { $project: { cell: { $objectToArray: '$cells.category' } } },
        { $unwind: '$cell' },
        { $match: { 'cell.k': /^Home/ } },
        { $group: { _id: '$cell.k', views: { $sum: '$cell.v.product_views' } } },
        { $group: { _id: null, categories: { $sum: 1 }, views: { $sum: '$views' } } },
      ])
      .toArray();
    const { categories = 0, views = 0 } = found ?? {};
    if (categories === Number(options.values) && views === categories) return Date.now();
    if (Date.now() > until) throw new Error(`${categories} categories with ${views} views are shown`);
    await sleep(1_000);
  }
}

async function largestDocuments(): Promise<number[]> {
  const sizes = ['metrics', 'partials'].map((name) =>
    db
      .collection(name)
      .aggregate<{ bytes: number }>([{ $group: { _id: null, bytes: { $max: { $bsonSize: '$$ROOT' } } } }])
      .toArray(),
  );
  return (await Promise.all(sizes)).flatMap(([found]) => found?.bytes ?? 0).sort((a, b) => b - a);
}

/** What the processor says of shops over their budget. */
async function overBudget(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('storepulse_processor_values_over_budget{'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}
