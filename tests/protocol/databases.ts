import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type RunningServers, startServers } from '@storepulse/local';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';

/** Starts a MongoDB for the tests of a file; each call of what is returned makes a database of its own there. */
export function useDatabases(): () => Promise<Database> {
  const opened: Database[] = [];
  let folder: string;
  let servers: RunningServers;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storepulse-protocol-'));
    servers = await startServers({ dataDir: folder, kafka: false });
  });
  after(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const database = await openDatabase({
      uri: servers.mongoUri,
      database: `protocol${opened.length + 1}`,
    });
    opened.push(database);
    await prepareDatabase(database);
    return database;
  };
}
