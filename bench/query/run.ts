import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COLLECTIONS } from '@storepulse/contracts';
import { startServers } from '@storepulse/local';
import { openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { MongoClient } from 'mongodb';
import { repeat, send, timesOf } from './asking.ts';
import { cpuSecondsOf, OWN_EXPORTER, startExporter } from './exporter-process.ts';
import { fill, SHOP, YEAR } from './fill.ts';

const HELP = `Usage: npx node bench/query/run.ts [options]

What an exporter's answers cost, on a real mongod in one run: a year by product from MongoDB and again, three more
metrics of it in one request, a request that asks for the most, the health check beside 16 clients that ask for the
worst, and 50 scrapers. CPU seconds; the ratios are to the driver alone reading the same documents as objects.

  --main FILE    the exporter's main.ts, once for each that is measured (default: this checkout's)
  --skus N       products of the shop (default 4000)
  --sold N       products that are sold on a day (default 1000)
  --seconds N    how long health check and scrapers are measured (default 10)
  --year-only    nothing but the year by product: a release without limits takes minutes for the rest
  --out FILE     writes the figures there as JSON
  --help
`;
const { values } = parseArgs({
  options: {
    main: { type: 'string', multiple: true, default: [OWN_EXPORTER] },
    skus: { type: 'string', default: '4000' },
    sold: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    'year-only': { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const MS = Number(values.seconds) * 1_000;
const query = (refId: string, fields: object) => ({
  refId,
  shop: SHOP.shop,
  metric: 'gross_sales',
  ...fields,
});
const bySku = { groupBy: 'sku', interval: '1d' };
const asked = (queries: object[], range: object = YEAR) =>
  JSON.stringify({ range, maxDataPoints: 11_000, queries });
const YEAR_BY_SKU = asked([query('A', { ...bySku, limit: 20 })]);
/** Others of the same windows, in one request as a table of several columns asks for them. */
const THREE = asked(
  ['units', 'discounts', 'returns'].map((metric) => query(metric, { ...bySku, metric, limit: 20 })),
);
/** A request of a kilobyte that asks for as much as it can. */
const TEN = asked(
  ['gross_sales', 'units', 'order_lines', 'discounts', 'returns'].flatMap((metric) => [
    query(`${metric}-days`, { ...bySku, metric, limit: 600 }),
    query(`${metric}-table`, { groupBy: 'sku', metric, format: 'table', limit: 1_000 }),
  ]),
  { from: 0, to: YEAR.to * 2 },
);
const SMALL = asked([query('A', { interval: '1d' })]);

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-query-'));
const servers = await startServers({ dataDir: folder, kafka: false, mongoCacheGb: 1 });
const settings = { uri: servers.mongoUri, database: 'bench' };
const database = await openDatabase(settings);
const environment = { MONGODB_URI: servers.mongoUri, MONGODB_DATABASE: 'bench' };
const figures: Record<string, unknown>[] = [];
try {
  await prepareDatabase(database);
  await fill(database, { skus: Number(values.skus), soldPerDay: Number(values.sold) });
  for (const main of values.main) figures.push(await measure(main));
  if (values.out) await writeFile(values.out, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await database.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

/** CPU seconds of the driver alone: all documents of the year as objects, nothing added up. */
async function driverAlone(): Promise<number> {
  const client = await MongoClient.connect(servers.mongoUri);
  const read = () =>
    client
      .db('bench')
      .collection(COLLECTIONS.metrics)
      .find({ shop: SHOP.shop, group: 'sales', part: 'sku', resolution: '1d' })
      .toArray();
  await read();
  const before = process.cpuUsage();
  await read();
  const { user, system } = process.cpuUsage(before);
  await client.close();
  return (user + system) / 1e6;
}

async function measure(main: string): Promise<Record<string, unknown>> {
  const alone = await driverAlone();
  const exporter = await startExporter(main, environment);
  const post = (body: string) => send(`${exporter.url}/api/v1/query`, body);
  const cost = async (run: () => Promise<{ ms: number; status: number; text: string }>) => {
    const [cpu, store] = [await exporter.cpuSeconds(), await cpuSecondsOf(servers.mongo.pid!)];
    const { ms, status, text } = await run();
    return {
      ...{ status, wallMs: Math.round(ms), bytes: text.length },
      cpuSeconds: Number(((await exporter.cpuSeconds()) - cpu).toFixed(2)),
      mongodSeconds: Number(((await cpuSecondsOf(servers.mongo.pid!)) - store).toFixed(2)),
      refused: [...new Set(text.match(/"code":"\w+"/g) ?? [])],
    };
  };
  try {
    // Its code is compiled by then.
    for (let i = 0; i < 20; i++) await post(SMALL);
    await post(
      asked([query('A', { ...bySku, limit: 20 })], { from: YEAR.from, to: YEAR.from + 30 * 86_400_000 }),
    );
    const cold = await cost(() => post(YEAR_BY_SKU));
    const again = await cost(async () => {
      let last = await post(YEAR_BY_SKU);
      for (let i = 1; i < 10; i++) last = await post(YEAR_BY_SKU);
      return last;
    });
    const three = await cost(() => post(THREE));
    const told = {
      main,
      driverAloneSeconds: Number(alone.toFixed(2)),
      cold: { ...cold, ratio: Number((cold.cpuSeconds / alone).toFixed(2)) },
      cached: {
        ...again,
        cpuSeconds: again.cpuSeconds / 10,
        mongodSeconds: again.mongodSeconds / 10,
        ratio: Number((again.cpuSeconds / 10 / alone).toFixed(3)),
      },
      threeMetrics: { ...three, ratio: Number((three.cpuSeconds / alone).toFixed(2)) },
      ...(values['year-only'] ? {} : await underLoad(exporter.url, cost)),
    };
    console.log(JSON.stringify(told, null, 2));
    return told;
  } finally {
    await exporter.stop();
  }
}

type Cost = (run: () => ReturnType<typeof send>) => Promise<object>;

/** What others notice of the worst requests, and 50 scrapers of each other. */
async function underLoad(url: string, cost: Cost) {
  const post = (request: string) => send(`${url}/api/v1/query`, request);
  const ten = await cost(() => post(TEN));
  const health = () => send(`${url}/-/healthy`);
  const worst = repeat(16, MS, () => post(TEN));
  const healthy = timesOf(await repeat(1, MS, health));
  const small = timesOf(await repeat(1, 1, () => post(SMALL)));
  await worst;
  const scrape = () => send(`${url}/metrics`, undefined, { 'accept-encoding': 'gzip' });
  await scrape();
  const scrapes = timesOf(await repeat(50, MS, scrape));
  return { ten, healthyBesideTheWorst: healthy, smallBesideTheWorst: small, scrapes };
}
