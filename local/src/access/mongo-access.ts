import { type Environment, MongoSettingsSchema, readSettings, unfitTopology } from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import { type MongoClient, MongoServerError } from 'mongodb';
import { messageOf } from '../errors.ts';

const UNAUTHORIZED = 13;
const LOGIN_FAILED = 18;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Tries what the parts will do on a MongoDB that was given by address: a write in a transaction,
 * which is then given up, so that nothing changes.
 * @returns what is missing, each in one line; none when all is well
 * @throws {SettingsError} when the settings themselves are not usable
 */
export async function missingMongoAccess(environment: Environment): Promise<string[]> {
  const settings = readSettings(MongoSettingsSchema, environment);
  const { database } = settings;
  try {
    // The constructor refuses a malformed connection string.
    const client = mongoClient(settings, {
      serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
    });
    try {
      const unfit = unfitTopology(await client.db('admin').command({ hello: 1 }));
      if (unfit !== undefined) return [`MongoDB: ${unfit}`];
      await tryTransaction(client, database);
      return [];
    } finally {
      await client.close();
    }
  } catch (error) {
    return [`MongoDB: ${explain(error, database)}`];
  }
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
