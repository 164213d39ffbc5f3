import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers } from '@storepulse/local';
import { type Collection, MongoClient } from 'mongodb';
import { type Hour, type Layout, perCell, perDimension, perWindow } from './layouts.ts';

/**
 * Compares three layouts of cells on a real mongod in one run: writing 30 days of hourly windows the way commits do
 * (absolute values, upserts in transactions of one hour, each hour changed four times), and reading 30 days by
 * country. Prints CPU seconds of mongod and wall times; the ratios are what matters.
 */
const HOURS = 30 * 24;
const CHANGES_PER_HOUR = 4;
const COUNTRIES = 38;
const QUERIES = 20;

const START = Date.UTC(2026, 0, 1);
const METRICS = ['gross_sales', 'discounts', 'units', 'returns', 'adjustments', 'orders'];

function hourAt(index: number): Hour {
  const cell = (seed: number) =>
    Object.fromEntries(
      METRICS.map((metric, i) => [metric, ((index + 1) * (seed + 3) * (i + 7)) % 1_000_003]),
    );
  const values = (names: readonly string[]) => Object.fromEntries(names.map((name, i) => [name, cell(i)]));
  return {
    start: new Date(START + index * 3_600_000),
    dimensions: {
      total: values(['all']),
      country: values(Array.from({ length: COUNTRIES }, (_, i) => `Country ${i}`)),
      device: values(['desktop', 'mobile', 'tablet']),
      channel: values(['direct', 'organic_search', 'paid_search', 'social', 'email', 'referral']),
    },
  };
}

async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function write(client: MongoClient, collection: Collection, layout: Layout): Promise<void> {
  const session = client.startSession();
  for (let index = 0; index < HOURS; index++) {
    const documents = layout.documents(hourAt(index));
    for (let change = 0; change < CHANGES_PER_HOUR; change++) {
      await session.withTransaction(async () => {
        await collection.bulkWrite(
          documents.map(({ _id, ...fields }) => ({
            updateOne: {
              filter: { _id: _id as never },
              update: { $set: { ...fields, change } },
              upsert: true,
            },
          })),
          { session, ordered: false },
        );
      });
    }
  }
  await session.endSession();
}

async function query(collection: Collection, layout: Layout): Promise<number[]> {
  const times: number[] = [];
  const { filter, projection } = layout.find('country', new Date(START), new Date(START + HOURS * 3_600_000));
  for (let i = 0; i < QUERIES; i++) {
    const began = performance.now();
    const sums = new Map<string, number>();
    for await (const document of collection.find(filter, { projection, batchSize: 5_000 })) {
      for (const [value, cell] of layout.cells(document, 'country'))
        sums.set(value, (sums.get(value) ?? 0) + cell.gross_sales!);
    }
    if (sums.size !== COUNTRIES) throw new Error(`${layout.name}: found ${sums.size} countries`);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder, kafka: false });
const client = await new MongoClient(servers.mongoUri).connect();
try {
  const pid = servers.mongo.pid!;
  const rows: Record<string, string | number>[] = [];
  for (const layout of [perCell, perDimension, perWindow]) {
    const collection = client.db('bench').collection(layout.name.replaceAll(/\W+/g, '-'));
    await collection.createIndex(layout.index);
    const before = { cpu: await cpuSeconds(pid), wall: performance.now() };
    await write(client, collection, layout);
    const written = { cpu: await cpuSeconds(pid), wall: performance.now() };
    const times = await query(collection, layout);
    const { size, count } = (await client.db('bench').command({ collStats: collection.collectionName })) as {
      size: number;
      count: number;
    };
    rows.push({
      layout: layout.name,
      documents: count,
      'MB, uncompressed': Number((size / 1e6).toFixed(1)),
      'write: mongod CPU s': Number((written.cpu - before.cpu).toFixed(1)),
      'write: wall s': Number(((written.wall - before.wall) / 1_000).toFixed(1)),
      'query: median ms': Number(times[QUERIES / 2]!.toFixed(1)),
      'query: worst ms': Number(times.at(-1)!.toFixed(1)),
    });
  }
  console.table(rows);
} finally {
  await client.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
