import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { api, overFetch } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { startPart, startServers } from '@storepulse/local';
import { timesOf } from '../query/asking.ts';

const HELP = `Usage: npx node bench/visible/run.ts [options]

From the moment at which an order is sent to the collector until it is acknowledged, is in the list of orders, is found by a
search, is in the answer to a query, and is on /metrics: quiet traffic, an order about every two seconds, on real servers. Each
surface is looked at every 20 ms.

  --running    measures what "npm start" runs, in a shop of its own, and starts nothing
  --orders N   how many are measured, after ten to warm up (default 60)
  --help
`;
const { values } = parseArgs({
  options: {
    running: { type: 'boolean', default: false },
    orders: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const WARM_UP = 10;
const LOOK_EVERY_MS = 20;
/** Longer than anything here may take: then something is wrong. */
const MOST_MS = 60_000;

if (values.running) {
  await measure('http://127.0.0.1:8090', 'http://127.0.0.1:9464');
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder });
const stops: (() => Promise<void>)[] = [];
try {
  const environment = {
    ...{ KAFKA_BROKERS: servers.kafkaBrokers, MONGODB_URI: servers.mongoUri },
    ...{ MONGODB_DATABASE: 'bench', LOG_LEVEL: 'warn' },
  };
  const start = async (name: 'processor' | 'collector' | 'exporter') => {
    const part = await startPart(name, environment, folder);
    stops.push(part.stop);
    return part.url;
  };
  await start('processor');
  const [collector, exporter] = [await start('collector'), await start('exporter')];
  await measure(collector, exporter);
} finally {
  for (const stop of stops.reverse()) await stop();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(collector: string, exporter: string): Promise<void> {
  const ask = overFetch({ fetch, url: exporter });
  const shop = `bench-${Date.now()}`;
  const put = async (event: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${collector}/v1/events`, {
      ...{ method: 'POST', headers, body: JSON.stringify(event) },
    });
    if (answer.status !== 200)
      throw new Error(`The collector answered ${answer.status}: ${await answer.text()}`);
  };
  await put({ ...SHOP, shop, eventId: `${shop}-1`, eventTime: Date.now() });
  const begin = Date.now() - 60_000;
  /** By surface: whether the order of an id, the n-th of all, is there. */
  const surfaces: Record<string, (orderId: string, n: number) => Promise<boolean>> = {
    'list of orders': async (orderId) =>
      (await ask(api.records('orders', { shop, orderId: [orderId] }))).records.length > 0,
    search: async (orderId) =>
      (await ask(api.search({ shop, q: orderId, kinds: ['orders'] }))).results.length > 0,
    query: async (_, n) => {
      const asked = { refId: 'A', shop, metric: 'orders', format: 'table' as const };
      const { results } = await ask(
        api.query({ range: { from: begin, to: Date.now() + 60_000 }, queries: [asked] }),
      );
      return Number(results.A!.frames[0]?.fields.at(-1)?.values[0] ?? 0) >= n;
    },
    '/metrics': async (_, n) => {
      const text = await (await fetch(`${exporter}/metrics`)).text();
      return (
        Number(new RegExp(`^storepulse_orders_total\\{shop="${shop}"\\} (\\S+)`, 'm').exec(text)?.[1] ?? 0) >=
        n
      );
    },
  };
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
  for (let n = 1; n <= WARM_UP + Number(values.orders); n++) {
    const orderId = randomUUID();
    const isCounted = n > WARM_UP;
    const began = performance.now();
    const elapsed = () => performance.now() - began;
    await put(anOrder({ shop, orderId, eventId: randomUUID(), eventTime: Date.now(), visitorId: `v${n}` }));
    if (isCounted) note('acknowledged', elapsed());
    await Promise.all(
      Object.entries(surfaces).map(async ([name, isThere]) => {
        while (!(await isThere(orderId, n).catch(() => false))) {
          if (elapsed() > MOST_MS) throw new Error(`order ${n} is not in: ${name}`);
          await sleep(LOOK_EVERY_MS);
        }
        if (isCounted) note(name, elapsed());
      }),
    );
    // The next begins at no fixed distance from a commit.
    await sleep(1_000 + Math.random() * 2_000);
  }
  console.table(
    Object.fromEntries(
      [...times].map(([name, list]) => {
        const { p50, p99, most } = timesOf(list);
        return [
          name,
          { 'p50, ms': Math.round(p50), 'p99, ms': Math.round(p99), 'most, ms': Math.round(most) },
        ];
      }),
    ),
  );
}
