import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoConnection } from '@storepulse/contracts';
import { MongoClient } from 'mongodb';

/** What a client made of this connection string reads and writes by. */
function effective(uri: string) {
  const connection = mongoConnection({ uri });
  const client = new MongoClient(connection.uri, { ...connection.options });
  const { readPreference, readConcern, writeConcern, retryReads, retryWrites, tls, appName } = client.options;
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
    const connection = mongoConnection({ uri });
    const { connectTimeoutMS, heartbeatFrequencyMS } = new MongoClient(connection.uri, {
      ...connection.options,
    }).options;
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
