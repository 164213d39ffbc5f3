import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LakeType, localPath, mergedPath, quoted } from '@storepulse/lake';
import type { LakeErasure, LakeFile } from '@storepulse/lake/manifest';
import { type ErasedPerson, findErased, isOfSql, tellsCustomers, writeCleared } from '../clear.ts';
import { type KeeperDependencies, mergedFile } from './keeper.ts';
import { commitReplacement, type Keepership } from './lease.ts';

/** Customers that are looked for together. */
const AT_ONCE = 500;

/**
 * Carries out the erasures that were ordered: every file that tells one of these customers is written anew without them, and
 * the old one is deleted at once. An order is done when each partition has committed after it was met first, and the files were
 * looked through once more after that: then no file is on its way that does not know of it.
 */
export async function carryOutErasures(dependencies: KeeperDependencies, kept: Keepership): Promise<void> {
  const { collections, telemetry } = dependencies;
  const { erasures, tasks } = collections;
  const orders = await erasures.find().limit(AT_ONCE).toArray();
  if (orders.length === 0) return;
  const seqs = Object.fromEntries(
    (await tasks.find({}, { projection: { seq: 1 } }).toArray()).map(({ _id, seq }) => [_id, seq]),
  );
  const fresh = orders.filter((order) => order.seqs === undefined).map(({ _id }) => _id);
  if (fresh.length > 0) await erasures.updateMany({ _id: { $in: fresh } }, { $set: { seqs } });
  const isLast = (order: LakeErasure) =>
    order.seqs !== undefined && Object.entries(order.seqs).every(([task, seq]) => seqs[task]! > seq);

  // All files are read, so only at first, and at last.
  const now = orders.filter((order) => order.seqs === undefined || isLast(order));
  for (const [shop, ofShop] of Map.groupBy(now, (order) => order.shop)) {
    const keys = ofShop.map(({ customerId }) => `${shop}|${customerId}`);
    const people = [...(await findErased(collections, keys)).values()];
    if (people.length > 0) await clearFiles(dependencies, kept, shop, people);
  }
  const done = orders.filter(isLast).map(({ _id, seqs: at }) => ({ _id, seqs: at! }));
  for (const { _id, seqs: at } of done) {
    // Ordered anew meanwhile, it has none.
    const { deletedCount } = await erasures.deleteOne({ _id, seqs: at });
    telemetry.erased.inc(deletedCount);
  }
}

async function clearFiles(
  dependencies: KeeperDependencies,
  kept: Keepership,
  shop: string,
  people: readonly ErasedPerson[],
): Promise<void> {
  const { collections, lakeTypes } = dependencies;
  const types = [...lakeTypes.values()].filter(tellsCustomers);
  for (const lakeType of types) {
    const files = await collections.files.find({ shop, type: lakeType.type }).toArray();
    for (const file of files) await clearFile(dependencies, kept, lakeType, file, people);
  }
}

async function clearFile(
  dependencies: KeeperDependencies,
  kept: Keepership,
  lakeType: LakeType,
  file: LakeFile,
  people: readonly ErasedPerson[],
): Promise<void> {
  const { collections, duck, store, scratch, onStep, now, telemetry } = dependencies;
  const cache = join(scratch, 'inputs');
  const input = await localPath(store, file._id, cache);
  const [found] = await duck.rows(
    `SELECT 1 AS found FROM read_parquet(${quoted(input)}, hive_partitioning = false) WHERE ${isOfSql(lakeType, people)} LIMIT 1`,
  );
  if (found) {
    const id = randomUUID();
    const local = join(scratch, `${id}.parquet`);
    await writeCleared(duck, lakeType, people, input, local);
    const output = mergedFile([file], {
      _id: mergedPath(file.shop, file.type, file.period, kept.epoch, id),
      period: file.period,
      bytes: (await stat(local)).size,
      at: new Date(now()),
    });
    await store.put(output._id, local);
    await rm(local);
    onStep('erasure-stored');
    const deleteAt = new Date(now());
    await commitReplacement(
      collections,
      kept,
      { inputs: [file], outputs: [output], deleteAt },
      () => undefined,
    );
    onStep('erasure-committed');
    telemetry.rewritten.inc();
  }
  await rm(cache, { recursive: true, force: true });
}
