import { after, afterEach, before } from 'node:test';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { type Servers, useServers } from '../support/servers.ts';

/**
 * A MongoDB for the tests of a file. Each call of what is returned hands out a database that is as new: one that a test
 * before had is emptied and prepared again, since to make one costs MongoDB 0.13 CPU-seconds. Its connection is new, so
 * that nothing of that test can still write to it.
 */
export function useDatabases(): () => Promise<Database> {
  const given: Database[] = [];
  const names: string[] = [];
  const free: string[] = [];
  let servers: Servers;
  before(async () => {
    servers = await useServers({ kafka: false });
  });
  afterEach(async () => {
    for (const database of given.splice(0)) {
      await database.close();
      free.push(database.db.databaseName);
    }
  });
  after(async () => {
    const { client, close } = await open(servers.unique('protocol'));
    await Promise.all(names.map((name) => client.db(name).dropDatabase()));
    await close();
    await servers[Symbol.asyncDispose]();
  });
  const open = (database: string) => openDatabase({ uri: servers.mongoUri, database });
  const make = () => {
    const name = servers.unique(`protocol${names.length + 1}`);
    names.push(name);
    return name;
  };
  return async () => {
    const database = await open(free.pop() ?? make());
    given.push(database);
    await empty(database);
    await prepareDatabase(database);
    return database;
  };
}

async function empty({ db }: Database): Promise<void> {
  const collections = await db.collections();
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
}
