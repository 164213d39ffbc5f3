import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COLLECTIONS } from '@storepulse/contracts';
import { startServers } from '@storepulse/local';
import { openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { MongoClient } from 'mongodb';
import { repeatDue, send, timesOf } from './asking.ts';
import { cpuSecondsOf, OWN_EXPORTER, startExporter } from './exporter-process.ts';
import { SHOP } from './fill.ts';
import { fillCells, STORED } from './fill-cells.ts';

const HELP = `Usage: npx node bench/query/at-scale.ts [options]

Queries of dashboards on a store of more than five million cells, on a real mongod in one run: so many a second, each begun
when it is due, whatever became of those before it. 30 days by hour and country that have been asked for before, now and
then 30 days that nobody has asked for yet, and two years by day. Beside them, in the same run, the driver alone finds the
same documents.

  --rate N       queries a second (default 50)
  --cold N       of these, 30 days that are read anew (default 1)
  --seconds N    how long (default 30)
  --main FILE    the exporter's main.ts (default: this checkout's)
  --out FILE     writes the figures there as JSON
  --help
`;
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '50' },
    cold: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '30' },
    main: {
      type: 'string',
      default: OWN_EXPORTER,
    },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const DAY = 86_400_000;
const RATE = Number(values.rate);
const COLD = Number(values.cold);
const SECONDS = Number(values.seconds);
/** Finds of the driver alone that are measured. */
const FINDS = 20;
const MONTH = { from: STORED.to - 30 * DAY, to: STORED.to };

const asked = (range: object, fields: object) =>
  JSON.stringify({
    range,
    maxDataPoints: 11_000,
    queries: [{ refId: 'A', shop: SHOP.shop, metric: 'gross_sales', ...fields }],
  });
const byCountry = (range: object) => asked(range, { interval: '1h', groupBy: 'country', limit: 50 });
/** The n-th month that is read anew: each begins two days before the one before it. */
const coldMonth = (n: number) => {
  const back = (n * 2 * DAY) % (690 * DAY);
  return byCountry({ from: MONTH.from - back, to: MONTH.to - back });
};
const DAYS = asked(STORED, { interval: '1d' });

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-query-'));
const servers = await startServers({ dataDir: folder, kafka: false, mongoCacheGb: 1 });
const database = await openDatabase({ uri: servers.mongoUri, database: 'bench' });
try {
  await prepareDatabase(database);
  const began = performance.now();
  const cells = await fillCells(database);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { storageSize, size } = await database.db.command({ collStats: COLLECTIONS.metrics });
  process.stderr.write(`${cells} cells written in ${seconds} s\n`);
  const store = { cells, bsonMb: Math.round(size / 1e6), storedMb: Math.round(storageSize / 1e6), seconds };
  const figures = { store, ...(await measure()) };
  console.log(JSON.stringify(figures, null, 2));
  if (values.out) await writeFile(values.out, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await database.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<Record<string, unknown>> {
  const exporter = await startExporter(values.main, {
    MONGODB_URI: servers.mongoUri,
    MONGODB_DATABASE: 'bench',
  });
  const post = async (body: string) => {
    const answer = await send(`${exporter.url}/api/v1/query`, body);
    if (answer.status !== 200 || answer.text.includes('"error"'))
      throw new Error(`The exporter answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    return answer;
  };
  try {
    // Its code is compiled by then.
    for (let i = 0; i < 20; i++) for (const body of [byCountry(MONTH), DAYS]) await post(body);
    const bytes = (await post(byCountry(MONTH))).text.length;
    const alone = await findAlone();
    const one = await costOf(exporter, 20, () => post(byCountry(MONTH)));
    const cold = await costOf(exporter, 10, (n) => post(coldMonth(300 + n)));
    const days = await costOf(exporter, 20, () => post(DAYS));
    const [cpu, store] = [await exporter.cpuSeconds(), await cpuSecondsOf(servers.mongo.pid!)];
    console.error(JSON.stringify({ alone, one, cold, days }));
    let colds = 0;
    let refused = 0;
    const underLoad = async (body: string) => {
      const { status } = await send(`${exporter.url}/api/v1/query`, body);
      if (status !== 200) refused++;
    };
    const lists = await repeatDue(RATE, SECONDS, (n) => {
      const within = n % RATE;
      if (within < COLD) return { of: 'cold', sent: underLoad(coldMonth(1 + colds++)) };
      return within % 2 === 0
        ? { of: 'cached', sent: underLoad(byCountry(MONTH)) }
        : { of: 'days', sent: underLoad(DAYS) };
    });
    const used = {
      exporter: Number(((await exporter.cpuSeconds()) - cpu).toFixed(2)),
      mongod: Number(((await cpuSecondsOf(servers.mongo.pid!)) - store).toFixed(2)),
    };
    return {
      answerBytes: bytes,
      findAlone: alone,
      oneAfterTheOther: { cached: one, cold, days },
      ratioOfCpuToFind: {
        cached: Number((one.cpuMs / alone.cpuMs).toFixed(2)),
        cold: Number((cold.cpuMs / alone.cpuMs).toFixed(2)),
      },
      ratioOfP50ToFind: {
        cached: Number((one.p50 / alone.p50).toFixed(2)),
        cold: Number((cold.p50 / alone.p50).toFixed(2)),
      },
      underLoad: {
        perSecond: RATE,
        ofWhichCold: COLD,
        seconds: SECONDS,
        cpuSeconds: used,
        refused,
        ...Object.fromEntries([...lists].map(([name, list]) => [name, timesOf(list)])),
      },
    };
  } finally {
    await exporter.stop();
  }
}

/** The driver alone: the documents of a month that has been read before, their cells by country, as objects. */
async function findAlone() {
  const client = await MongoClient.connect(servers.mongoUri);
  const find = () =>
    client
      .db('bench')
      .collection(COLLECTIONS.metrics)
      .find(
        {
          ...{ shop: SHOP.shop, group: 'sales', part: 'narrow', resolution: '1h' },
          start: { $gte: new Date(MONTH.from), $lt: new Date(MONTH.to) },
        },
        { projection: { start: 1, version: 1, final: 1, 'cells.country': 1 }, readConcern: 'majority' },
      )
      .toArray();
  for (let i = 0; i < 5; i++) await find();
  const before = process.cpuUsage();
  const times: number[] = [];
  let documents = 0;
  for (let i = 0; i < FINDS; i++) {
    const began = performance.now();
    documents = (await find()).length;
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  await client.close();
  return { documents, cpuMs: Number(((user + system) / 1e3 / FINDS).toFixed(1)), ...timesOf(times) };
}

/** Wall times and CPU of some requests that go one after the other. */
async function costOf(
  exporter: { cpuSeconds(): Promise<number> },
  times: number,
  ask: (n: number) => Promise<{ ms: number }>,
) {
  const [cpu, store] = [await exporter.cpuSeconds(), await cpuSecondsOf(servers.mongo.pid!)];
  const list: number[] = [];
  for (let n = 0; n < times; n++) list.push((await ask(n)).ms);
  const perAnswer = (seconds: number) => Number(((seconds * 1_000) / times).toFixed(1));
  return {
    cpuMs: perAnswer((await exporter.cpuSeconds()) - cpu),
    mongodMs: perAnswer((await cpuSecondsOf(servers.mongo.pid!)) - store),
    ...timesOf(list),
  };
}
