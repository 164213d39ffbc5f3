import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { startServers } from '@storepulse/local';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { processIdentity } from '../../local/bootstrap/identity.mjs';

let dataDir: string;
before(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'storepulse-servers-'));
});
after(() => rmSync(dataDir, { recursive: true }));

function connectKafka(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}

async function withMongo<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

test('the servers store topics and transactions, and have them after a start on other ports', async () => {
  const first = await startServers({ dataDir, shortLived: true });
  const admin = connectKafka(first.kafkaBrokers).admin();
  await admin.connect();
  // Waiting for leaders fails while the node has not heard of the topic.
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }], waitForLeaders: false });
  await admin.disconnect();
  await withMongo(first.mongoUri, (client) =>
    client.withSession((session) =>
      session.withTransaction(() =>
        client.db('shop').collection('things').insertOne({ kept: true }, { session }),
      ),
    ),
  );
  await first.stop();

  const second = await startServers({ dataDir, shortLived: true });
  assert.notEqual(second.kafkaBrokers, first.kafkaBrokers);
  const again = connectKafka(second.kafkaBrokers).admin();
  await again.connect();
  const { topics } = await again.fetchTopicMetadata({ topics: ['kept'] });
  assert.equal(topics[0]?.partitions.length, 3);
  await again.disconnect();
  const stored = await withMongo(second.mongoUri, (client) =>
    client.db('shop').collection('things').countDocuments({ kept: true }),
  );
  assert.equal(stored, 1);
  await second.stop();
});

test('a server that is killed comes back on its port with its data', async () => {
  const servers = await startServers({ dataDir, kafka: false });
  const add = () =>
    withMongo(servers.mongoUri, (client) => client.db('shop').collection('adds').insertOne({}));
  await add();
  await servers.mongo.kill();
  assert.equal(servers.mongo.pid, undefined);
  await servers.mongo.start();
  await add();
  assert.equal(
    await withMongo(servers.mongoUri, (client) => client.db('shop').collection('adds').countDocuments()),
    2,
  );
  assert.equal(servers.kafka.pid, undefined);
  await servers.stop();
});

const OWNER_OPTIONS = ['--disable-warning=TimeoutNegativeWarning', '--input-type=module', '--eval'];

/** A process that starts both servers, prints their pids, and does not end. */
function ownerScript(folder: string): string {
  const module = new URL('../../local/src/servers/start-servers.ts', import.meta.url).href;
  return `
    import { startServers } from ${JSON.stringify(module)};
    const servers = await startServers({ dataDir: ${JSON.stringify(folder)}, shortLived: true });
    console.log(JSON.stringify([servers.kafka.pid, servers.mongo.pid]));
    setInterval(() => {}, 1000);
  `;
}

test('the servers end when the process that started them is killed with -9, and their data can be used again', async () => {
  const folder = join(dataDir, 'owned');
  const owner = spawn(process.execPath, [...OWNER_OPTIONS, ownerScript(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const pids = JSON.parse(line) as number[];
  for (const pid of pids) assert.ok(processIdentity(pid));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  // At once, so that the start itself finds the servers still ending and waits for them.
  const servers = await startServers({ dataDir: folder, shortLived: true });
  for (const pid of pids) assert.equal(processIdentity(pid), undefined);
  await servers.stop();
});

test('a server that outlives the death of its parent is ended at the next start', async () => {
  const folder = join(dataDir, 'orphaned');
  const owner = spawn(process.execPath, [...OWNER_OPTIONS, ownerScript(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const [, orphan] = JSON.parse(line) as [number, number];
  // A halted process does not react to the guard's polite signal: a real orphan, for the guard's grace time.
  process.kill(orphan, 'SIGSTOP');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  assert.ok(processIdentity(orphan));
  const servers = await startServers({ dataDir: folder, kafka: false });
  assert.equal(processIdentity(orphan), undefined);
  assert.notEqual(servers.mongo.pid, orphan);
  await servers.stop();
});
