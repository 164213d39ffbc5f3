import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { anOrder } from '@storepulse/contracts/testing/events';
import { startServers } from '@storepulse/local';
import { openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { repeat, send, timesOf } from '../query/asking.ts';
import { type ExporterProcess, OWN_EXPORTER, startExporter } from '../query/exporter-process.ts';
import { fill, SHOP, YEAR } from '../query/fill.ts';

const HELP = `Usage: npx node bench/scrape/run.ts [options]

What 50 scrapers at once wait for, of an exporter with a full budget of series on a real mongod, in both formats, beside a
bare HTTP server that sends the same bytes: all at the same moment twice a second, and each again as soon as it has its
answer. Milliseconds, the ratio of both, how often MongoDB was asked, and the exporter's CPU time beside that of one scraper.

  --scrapers N   at once (default 50)
  --seconds N    how long each is measured (default 10)
  --out FILE     writes the figures there as JSON
  --help
`;
const { values } = parseArgs({
  options: {
    scrapers: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '10' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const MS = Number(values.seconds) * 1_000;
const SCRAPERS = Number(values.scrapers);
const FORMATS = { text: 'text/plain', openMetrics: 'application/openmetrics-text;version=1.0.0' };
const ORDERS = 1_000;
/** Between the moments at which all scrapers ask, ms: each is answered by then. */
const PAUSE_MS = 500;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-scrape-'));
const servers = await startServers({ dataDir: folder, kafka: false, mongoCacheGb: 1 });
const database = await openDatabase({ uri: servers.mongoUri, database: 'bench' });
try {
  await prepareDatabase(database);
  await fill(database, { skus: 20, soldPerDay: 1 });
  const orders = Array.from({ length: ORDERS }, (_, i) => ({
    ...{ _id: `${SHOP.shop}|o-${i}`, ...anOrder({ shop: SHOP.shop, orderId: `o-${i}` }) },
    ...{ eventTime: YEAR.to - i, country: `Country ${i % 60}` },
  }));
  await database.db.collection<{ _id: string }>('orders').insertMany(orders);
  const exporter = await startExporter(OWN_EXPORTER, {
    ...{ MONGODB_URI: servers.mongoUri, MONGODB_DATABASE: 'bench' },
  });
  const figures = {
    text: await measure(exporter, 'text'),
    openMetrics: await measure(exporter, 'openMetrics'),
  };
  await exporter.stop();
  console.log(JSON.stringify(figures, null, 2));
  if (values.out) await writeFile(values.out, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await database.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure({ url, cpuSeconds }: ExporterProcess, format: keyof typeof FORMATS) {
  const headers = { accept: FORMATS[format], 'accept-encoding': 'gzip' };
  const plain = await send(`${url}/metrics`, undefined, { accept: FORMATS[format] });
  const scrape = () => send(`${url}/metrics`, undefined, headers);
  // Its code is compiled by then.
  await repeat(SCRAPERS, 2_000, scrape);
  const rounds = async (scrapers: number) => {
    const [cpu, reads] = [await cpuSeconds(), await finds()];
    const times = await atOnce(scrapers, scrape);
    const count = times.length / scrapers;
    return {
      times,
      cpuMs: Number(((1_000 * ((await cpuSeconds()) - cpu)) / count).toFixed(1)),
      finds: Number((((await finds()) - reads) / count).toFixed(1)),
    };
  };
  const [one, all] = [await rounds(1), await rounds(SCRAPERS)];
  const times = await repeat(SCRAPERS, MS, scrape);
  const bytes = Buffer.from((await scrape()).text, 'latin1');
  const bare = await bareServer(bytes);
  const sendBare = () => send(bare.url, undefined, headers);
  const bareAtOnce = await atOnce(SCRAPERS, sendBare);
  const bareTimes = await repeat(SCRAPERS, MS, sendBare);
  bare.close();
  return {
    series: plain.text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    exemplars: plain.text.split(' # {').length - 1,
    bytes: bytes.length,
    one: { ms: timesOf(one.times), cpuMs: one.cpuMs, finds: one.finds },
    atOnce: { ...compared(all.times, bareAtOnce), cpuMs: all.cpuMs, finds: all.finds },
    backToBack: compared(times, bareTimes),
  };
}

function compared(own: readonly number[], bare: readonly number[]) {
  const [shown, control] = [timesOf(own), timesOf(bare)];
  return {
    scrapes: own.length,
    ms: shown,
    bareServerMs: control,
    p99Ratio: Number((shown.p99 / control.p99).toFixed(1)),
  };
}

/** So many scrapers at the same moment, again and again. @returns the wall times */
async function atOnce(scrapers: number, ask: () => Promise<{ ms: number }>): Promise<readonly number[]> {
  const end = performance.now() + MS;
  const times: number[] = [];
  while (performance.now() < end) {
    const asked = Array.from({ length: scrapers }, ask);
    await sleep(PAUSE_MS);
    for (const { ms } of await Promise.all(asked)) times.push(ms);
  }
  return times;
}

/** Reads that MongoDB has been asked for so far. */
async function finds(): Promise<number> {
  const { opcounters } = await database.client.db('admin').command({ serverStatus: 1 });
  return Number(opcounters.query);
}

/** Sends the same bytes to whoever asks. */
async function bareServer(bytes: Buffer): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-encoding', 'gzip').end(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
