import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RunningServers, startServers } from '@storepulse/local';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { showsEveryMeasure } from './serving/measures.ts';

let folder: string;
let servers: RunningServers;
const opened: Database[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storepulse-serving-'));
  servers = await startServers({ dataDir: folder, kafka: false });
});
after(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A database of a test's own, and where it is. */
async function aDatabase() {
  const settings = { uri: servers.mongoUri, database: `serving${opened.length + 1}` };
  const database = await openDatabase(settings);
  opened.push(database);
  await prepareDatabase(database);
  return { database, uri: settings.uri };
}

test('every measure in every unit is shown as it was counted, wherever it is shown', (t) =>
  showsEveryMeasure(t, aDatabase));
