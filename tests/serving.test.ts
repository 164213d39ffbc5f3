import { after, before, test } from 'node:test';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { answersWhatIsMerged } from './serving/completeness.ts';
import { showsEveryMeasure } from './serving/measures.ts';
import { type Servers, useServers } from './support/servers.ts';

let servers: Servers;
const opened: Database[] = [];

before(async () => {
  servers = await useServers({ kafka: false });
});
after(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await servers[Symbol.asyncDispose]();
});

/** A database of a test's own, and where it is. */
async function aDatabase() {
  const settings = { uri: servers.mongoUri, database: servers.unique(`serving${opened.length + 1}`) };
  const database = await openDatabase(settings);
  opened.push(database);
  await prepareDatabase(database);
  return { database, uri: settings.uri };
}

test('every measure in every unit is shown as it was counted, wherever it is shown', (t) =>
  showsEveryMeasure(t, aDatabase));

test('in a backlog each shop’s answers say how far it is merged, and other shops’ stay as they are', (t) =>
  answersWhatIsMerged(t, aDatabase));
