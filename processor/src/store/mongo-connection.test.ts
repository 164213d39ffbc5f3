import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { mongoConnection } from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import { Connection } from 'mongodb/lib/cmap/connection.js';

/** What a client made of this connection string reads and writes by. */
function effective(uri: string) {
  const { options } = mongoClient({ uri }, {});
  const { readPreference, readConcern, writeConcern, retryReads, retryWrites, tls, appName } = options;
  return {
    readPreference: readPreference.mode,
    tags: readPreference.tags,
    maxStaleness: readPreference.maxStalenessSeconds,
    readConcern: readConcern.level,
    w: writeConcern.w,
    journal: writeConcern.journal,
    wtimeout: writeConcern.wtimeoutMS,
    retryReads,
    retryWrites,
    tls,
    appName,
  };
}

const HOSTS = 'mongodb://user:p%3Fss@db-1:27017,db-2:27018';
const plain = effective(`${HOSTS}/?tls=true&appName=ours`);

test('reads and writes by majority on the primary are the default', () => {
  const { readPreference, readConcern, w, journal, retryReads, retryWrites } = plain;
  assert.deepEqual(
    { readPreference, readConcern, w, journal, retryReads, retryWrites },
    {
      readPreference: 'primary',
      readConcern: 'majority',
      w: 'majority',
      journal: true,
      retryReads: true,
      retryWrites: true,
    },
  );
});

for (const option of [
  'readPreference=secondary',
  'readPreference=secondaryPreferred&readPreferenceTags=dc:east,use:reporting&readPreferenceTags=',
  'READPREFERENCE=nearest&maxStalenessSeconds=120',
  'readConcernLevel=local',
  'readConcernLevel=available',
  'w=1',
  'w=0',
  'w=2&wtimeoutMS=50&journal=false',
  'retryWrites=false',
  'retryReads=false',
]) {
  test(`a connection string with ${option} changes nothing`, () => {
    assert.deepEqual(effective(`${HOSTS}/?tls=true&${option}&appName=ours`), plain);
    assert.deepEqual(effective(`${HOSTS}/admin?${option}`), effective(`${HOSTS}/admin`));
  });
}

test('a server that has gone without a word is noticed within seconds, unless the connection string says otherwise', () => {
  const timesOf = (uri: string) => {
    const { connectTimeoutMS, heartbeatFrequencyMS } = mongoClient({ uri }, {}).options;
    return { connectTimeoutMS, heartbeatFrequencyMS };
  };
  assert.deepEqual(timesOf(HOSTS), { connectTimeoutMS: 6_000, heartbeatFrequencyMS: 2_000 });
  assert.deepEqual(timesOf(`${HOSTS}/?connectTimeoutMS=20000&heartbeatFrequencyMS=10000`), {
    connectTimeoutMS: 20_000,
    heartbeatFrequencyMS: 10_000,
  });
});

test('what was asked for and is not done is told; what is done anyway is not', () => {
  const { overruled } = mongoConnection({
    uri: `${HOSTS}/?replicaSet=rs0&readPreference=secondary&w=majority&retryWrites=true&journal=false`,
  });
  assert.deepEqual(overruled, ['readPreference=secondary', 'journal=false']);
});

/** A connection of the driver to a server that reads nothing. */
async function connectionTo(t: TestContext): Promise<Connection> {
  const server = createServer((socket) => socket.pause().on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = createConnection((server.address() as { port: number }).port, '127.0.0.1');
  await once(socket, 'connect');
  t.after(() => {
    socket.destroy();
    server.close();
  });
  return new Connection(socket, { hostAddress: { toString: () => '127.0.0.1' }, generation: 0 });
}

/** How a command ends, or `waits` after some turns. */
const outcome = (command: Promise<unknown>) =>
  Promise.race([
    command.then(
      () => 'answered',
      () => 'failed',
    ),
    (async () => {
      for (let turn = 0; turn < 100; turn++) await setImmediate();
      return 'waits';
    })(),
  ]);

test('a command fails whose connection closes while it is being written', async (t) => {
  const connection = await connectionTo(t);
  const command = connection.command({ db: 'admin' }, { ping: 1 }, {});
  connection.destroy();
  assert.equal(await outcome(command), 'failed');
});

test('a command fails whose connection closes while the server reads nothing', async (t) => {
  const connection = await connectionTo(t);
  const command = connection.command({ db: 'admin' }, { ping: 1, filler: 'x'.repeat(1 << 24) }, {});
  while (connection.socket.writableLength === 0) await setImmediate();
  connection.destroy();
  assert.equal(await outcome(command), 'failed');
});
