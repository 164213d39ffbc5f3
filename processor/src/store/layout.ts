import { setTimeout as sleep } from 'node:timers/promises';
import { type Catalog, LAYOUT_VERSION } from '@storepulse/contracts';
import { ProcessorError } from '../errors.ts';
import type { Database } from './database.ts';
import { type Migration, migrations } from './migrations.ts';

/** Others wait this long for a process that migrates; after that it is taken to be dead, and the step is repeated. */
const MIGRATION_MS = 60_000;
const WAIT_MS = 250;

/**
 * Records the layout at the first start, brings an older one up to date, and refuses one that this processor can't
 * work on.
 * @param owner names this process
 * @throws {ProcessorError} `LAYOUT_UNKNOWN` or `PARTITIONS_CHANGED`, each naming the way out
 */
export async function prepareLayout(
  database: Database,
  catalog: Catalog,
  partitions: number,
  owner: string,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const layout = await database.meta.findOneAndUpdate(
    { _id: 'layout' },
    { $setOnInsert: { version: LAYOUT_VERSION, partitions } },
    { upsert: true, returnDocument: 'after' },
  );
  if (layout!.partitions !== partitions) {
    throw new ProcessorError(
      'PARTITIONS_CHANGED',
      `The input topics have ${partitions} partitions, the stored state was built over ${layout!.partitions}: visitors would move between tasks. Restore the partition count, or process the log anew into an empty MONGODB_DATABASE.`,
    );
  }
  for (const step of steps) await migrate(database, catalog, step, owner);
  const { version } = (await database.meta.findOne({ _id: 'layout' }))!;
  if (version !== LAYOUT_VERSION) throw unknownLayout(version);
}

/**
 * Refuses the layout of a newer release, before anything is written: its indexes are not those of this one.
 * @throws {ProcessorError} `LAYOUT_UNKNOWN`
 */
export async function refuseNewerLayout({ meta }: Database): Promise<void> {
  const layout = await meta.findOne({ _id: 'layout' });
  if (layout && layout.version > LAYOUT_VERSION) throw unknownLayout(layout.version);
}

const unknownLayout = (version: number) =>
  new ProcessorError(
    'LAYOUT_UNKNOWN',
    `The database holds layout version ${version}, this processor writes ${LAYOUT_VERSION}: use the release that wrote it, or an empty MONGODB_DATABASE.`,
  );

/** Takes one step unless it is done; one process takes it, the others wait for that one. */
async function migrate(database: Database, catalog: Catalog, step: Migration, owner: string): Promise<void> {
  const { meta } = database;
  const before = { _id: 'layout' as const, version: step.to - 1 };
  for (;;) {
    const claimed = await meta.findOneAndUpdate(
      { ...before, $or: [{ migration: { $exists: false } }, { 'migration.until': { $lt: new Date() } }] },
      { $set: { migration: { owner, until: new Date(Date.now() + MIGRATION_MS) } } },
    );
    if (claimed) {
      await step.run(database, catalog);
      await meta.updateOne(before, { $set: { version: step.to }, $unset: { migration: true } });
      return;
    }
    const layout = await meta.findOne({ _id: 'layout' }, { projection: { version: 1 } });
    if (layout!.version !== before.version) return;
    await sleep(WAIT_MS);
  }
}
