import { COLLECTIONS, FACT_COLLECTIONS } from '@storepulse/contracts';
import { type Database, ignoreExisting, UNSETTLED_VISITS } from '../store/database.ts';

/**
 * The database as a rebuild sees it: partials are everyone's, but checkpoints, visits, event ids and business keys
 * are its own, so that it neither sees nor changes what the live tasks go by.
 */
export function scratchDatabase(database: Database, rebuild: string): Database {
  const { db } = database;
  return {
    ...database,
    checkpoints: db.collection(COLLECTIONS.rebuildCheckpoints),
    sessions: db.collection(`${rebuild}.sessions`),
    visitShares: db.collection(`${rebuild}.visit-shares`),
    eventIds: db.collection(`${rebuild}.event-ids`),
    facts: (name) => db.collection(`${rebuild}.${name}`),
  };
}

/** Creates a rebuild's collections that are missing: a transaction must not have to. */
export async function prepareScratch(database: Database, rebuild: string): Promise<void> {
  const { db, sessions, visitShares, eventIds, facts } = scratchDatabase(database, rebuild);
  const collections = [sessions, visitShares, eventIds, ...FACT_COLLECTIONS.map(facts)];
  const names = collections.map(({ collectionName }) => collectionName);
  const existing = new Set(
    (await db.listCollections({ name: { $in: names } }, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    ),
  );
  await Promise.all(
    names.map(async (name) => {
      if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting);
    }),
  );
  await sessions.createIndexes([UNSETTLED_VISITS]);
  await visitShares.createIndex({ owner: 1 });
  await eventIds.createIndex({ task: 1 });
  for (const name of ['order-edits', 'refunds'] as const)
    await facts(name).createIndex({ shop: 1, orderId: 1 });
}

/** Removes everything of a rebuild but its partials. */
export async function dropScratch(database: Database, rebuild: string): Promise<void> {
  const { sessions, visitShares, eventIds, facts } = scratchDatabase(database, rebuild);
  await Promise.all(
    [sessions, visitShares, eventIds, ...FACT_COLLECTIONS.map(facts)].map((collection) => collection.drop()),
  );
  await database.db
    .collection<{ _id: string }>(COLLECTIONS.rebuildCheckpoints)
    .deleteMany({ _id: { $regex: `^${rebuild}/` } });
}
