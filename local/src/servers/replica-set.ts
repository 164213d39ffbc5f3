import { type Db, MongoClient, MongoServerError } from 'mongodb';

/** The name of every replica set that is started here. */
export const REPLICA_SET = 'rs0';
const NOT_YET_INITIALIZED = 94;
const PROBE = { directConnection: true, serverSelectionTimeoutMS: 1000, connectTimeoutMS: 1000 };

/**
 * True when the mongod on `port` is the primary of its replica set of one. Makes that set at the
 * first start, and moves it when the data folder is started on another port than before.
 */
export async function isPrimary(port: number): Promise<boolean> {
  return onServer(port, async (admin) => {
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary === true && hello.me === `127.0.0.1:${port}`) return true;
    await configure(admin, `127.0.0.1:${port}`);
    return false;
  });
}

/** True when the mongod on `port` answers; it may belong to no set yet. */
export async function isServing(port: number): Promise<boolean> {
  return onServer(port, async (admin) => (await admin.command({ hello: 1 })).ok === 1);
}

/** Runs commands on the one server on `port`, whatever its role in its set. */
export async function onServer<T>(port: number, work: (admin: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, PROBE);
  try {
    return await work(client.db('admin'));
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
      replSetInitiate: { _id: REPLICA_SET, members, settings: { electionTimeoutMillis: 1000 } },
    });
  }
}
