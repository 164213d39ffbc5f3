import { type Environment, MongoSettingsSchema, mongoConnection, readSettings } from '@storepulse/contracts';
import { MongoClient, MongoServerError } from 'mongodb';
import { messageOf } from '../errors.ts';

const UNAUTHORIZED = 13;
const LOGIN_FAILED = 18;
const CONNECT_TIMEOUT_MS = 5000;

const NO_TRANSACTIONS =
  'MongoDB: it has no transactions, since it is not a replica set. Start it with --replSet and run rs.initiate() once';

/**
 * Tries what the parts will do on a MongoDB that was given by address: a write in a transaction,
 * which is then given up, so that nothing changes.
 * @returns what is missing, each in one line; none when all is well
 * @throws {SettingsError} when the settings themselves are not usable
 */
export async function missingMongoAccess(environment: Environment): Promise<string[]> {
  const settings = readSettings(MongoSettingsSchema, environment);
  const { database } = settings;
  const { uri, options } = mongoConnection(settings);
  try {
    // The constructor refuses a malformed connection string.
    const client = new MongoClient(uri, {
      ...options,
      serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
    });
    try {
      if (!(await hasTransactions(client))) return [NO_TRANSACTIONS];
      await tryTransaction(client, database);
      return [];
    } finally {
      await client.close();
    }
  } catch (error) {
    return [`MongoDB: ${explain(error, database)}`];
  }
}

/** Only members of a replica set and routers of a sharded cluster have them; the driver's own error says something else. */
async function hasTransactions(client: MongoClient): Promise<boolean> {
  const hello = await client.db('admin').command({ hello: 1 });
  return hello.setName !== undefined || hello.msg === 'isdbgrid';
}

async function tryTransaction(client: MongoClient, database: string): Promise<void> {
  const session = client.startSession();
  try {
    session.startTransaction({ writeConcern: { w: 'majority' } });
    await client.db(database).collection('access_check').insertOne({ at: new Date() }, { session });
    await session.abortTransaction();
  } finally {
    await session.endSession();
  }
}

/** The driver's errors in a reader's words, with what to do. */
function explain(error: unknown, database: string): string {
  const code = error instanceof MongoServerError ? error.code : undefined;
  if (code === UNAUTHORIZED)
    return `the user may not write to the database "${database}". Grant it readWrite there, or set MONGODB_DATABASE`;
  if (code === LOGIN_FAILED)
    return 'the login was refused. Check user, password and authSource in MONGODB_URI';
  return `${messageOf(error).replace(/\.$/, '')}. Check MONGODB_URI (host, port, replicaSet, tls)`;
}
