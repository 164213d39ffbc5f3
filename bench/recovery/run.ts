import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningPart, startPart, startServers } from '@storepulse/local';
import { createTerminal } from '@storepulse/local/screen/terminal';
import { MongoClient } from 'mongodb';
import { rounded, showReport } from '../simulator/report.ts';
import { type Recovery, recover } from './recover.ts';
import { storeVisits } from './visits.ts';

const HELP = `Usage: npx node bench/recovery/run.ts [options]

Kills processors under live traffic on real servers, and measures from the kill on
  first result   until a window is written that holds something new
  all tasks      until every task that counts visits has committed again
for one process that is started again, and for two of which the other takes over; without stored visits and with many.

  --visits N     stored visits (default 1000000)
  --kills N      kills of each kind (default 5)
  --rate N       events per second (default 200)
  --out FILE     writes the figures there as JSON
  --help
`;

const { values } = parseArgs({
  options: {
    visits: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const SHOP = 'demo-shop';
const PARTITIONS = 4;
const kills = Number(values.kills);
const terminal = createTerminal(process.stdout);
const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
const servers = await startServers({ dataDir: folder, mongoCacheGb: 1 });
const mongo = new MongoClient(servers.mongoUri);
const db = mongo.db('recovery');
const settings = {
  KAFKA_BROKERS: servers.kafkaBrokers,
  MONGODB_URI: servers.mongoUri,
  MONGODB_DATABASE: 'recovery',
  TOPIC_PARTITIONS: String(PARTITIONS),
  LOG_LEVEL: 'warn',
};
const processorIn = (name: string) => startPart('processor', settings, join(folder, name));

try {
  const one = await processorIn('one');
  await startPart(
    'simulator',
    { ...settings, SIMULATOR_RATE: values.rate, SIMULATOR_BACKFILL: '0', SIMULATOR_SEED: 'recovery' },
    folder,
  );
  const rows = [];
  for (const count of [0, Number(values.visits)]) {
    await storeVisits(db, { shop: SHOP, count, partitions: PARTITIONS }, (stored) =>
      terminal.live(`  ${stored} of ${count} visits stored`),
    );
    const stored = await db.collection('sessions').estimatedDocumentCount();
    const again = await killed('started again', async () =>
      recover(db, one.service, () => one.service.start()),
    );
    rows.push(row('one process, started again', stored, again));
    const two = await processorIn('two');
    const survivors = pairOf(one, two);
    const taken = await killed('taken over', survivors);
    rows.push(row('two processes, the other takes over', stored, taken));
    await two.stop();
  }
  terminal.live('');
  showReport('recovery', rows, values.out);
} finally {
  terminal.live('');
  await mongo.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Kills the two in turns; the killed one is back before the next is killed. */
function pairOf(one: RunningPart, two: RunningPart): (n: number) => Promise<Recovery> {
  return async (n) => {
    const { service } = n % 2 === 0 ? one : two;
    const recovery = await recover(db, service, async () => undefined);
    await service.start();
    return recovery;
  };
}

async function killed(what: string, kill: (n: number) => Promise<Recovery>): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (let n = 0; n < kills; n++) {
    terminal.live(`  ${what}: kill ${n + 1} of ${kills}`);
    recoveries.push(await kill(n));
  }
  return recoveries;
}

function row(what: string, stored: number, recoveries: readonly Recovery[]) {
  const seconds = (times: number[]) => rounded(Math.max(...times) / 1_000, 1);
  const mean = (times: number[]) => rounded(times.reduce((sum, ms) => sum + ms, 0) / times.length / 1_000, 1);
  const first = recoveries.map(({ firstResult }) => firstResult);
  const all = recoveries.map(({ allTasks }) => allTasks);
  return {
    kind: what,
    'stored visits': stored,
    kills: recoveries.length,
    'first result, s: mean': mean(first),
    worst: seconds(first),
    'all tasks, s: mean': mean(all),
    'worst of all tasks': seconds(all),
  };
}
