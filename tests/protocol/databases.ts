import { after, before } from 'node:test';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { type Servers, useServers } from '../support/servers.ts';

/** A MongoDB for the tests of a file; each call of what is returned makes a database of its own there. */
export function useDatabases(): () => Promise<Database> {
  const opened: Database[] = [];
  let servers: Servers;
  before(async () => {
    servers = await useServers({ kafka: false });
  });
  after(async () => {
    await Promise.all(
      opened.map(async (database) => {
        await database.db.dropDatabase();
        await database.close();
      }),
    );
    await servers[Symbol.asyncDispose]();
  });
  return async () => {
    const database = await openDatabase({
      uri: servers.mongoUri,
      database: servers.unique(`protocol${opened.length + 1}`),
    });
    opened.push(database);
    await prepareDatabase(database);
    return database;
  };
}
