import { type Db, MongoClient, MongoServerError } from 'mongodb';

const NOT_YET_INITIALIZED = 94;

/**
 * True when the mongod on `port` is the primary of its replica set of one. Makes that set at the
 * first start, and moves it when the data folder is started on another port than before.
 */
export async function isPrimary(port: number): Promise<boolean> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 1000,
    connectTimeoutMS: 1000,
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary === true && hello.me === `127.0.0.1:${port}`) return true;
    await configure(admin, `127.0.0.1:${port}`);
    return false;
  } finally {
    await client.close();
  }
}

async function configure(admin: Db, host: string): Promise<void> {
  const members = [{ _id: 0, host }];
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    if (config.members[0].host === host) return;
    await admin.command({
      replSetReconfig: { ...config, version: config.version + 1, members },
      force: true,
    });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== NOT_YET_INITIALIZED) throw error;
    // A short election time-out: nobody else stands in a set of one.
    await admin.command({
      replSetInitiate: { _id: 'rs0', members, settings: { electionTimeoutMillis: 1000 } },
    });
  }
}
