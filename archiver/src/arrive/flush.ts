import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arrivedPath, type Duck, type LakeStore, writeParquet } from '@storepulse/lake';
import type { LakeCollections, LakeFile, LakeTask } from '@storepulse/lake/manifest';
import { findErased, tellsCustomers, writeCleared } from '../clear.ts';
import type { OnStep } from '../steps.ts';
import type { Arrived, Group } from './buffer.ts';

/** What writing files needs. */
export interface FlushDependencies {
  readonly duck: Duck;
  readonly store: LakeStore;
  readonly collections: LakeCollections;
  /** A local folder of this process. */
  readonly scratch: string;
  readonly onStep: OnStep;
}

/** Files that are sent to the store at the same time. */
const PUTS = 8;

/**
 * Writes what has arrived into the store, one file for each shop, type and day. They are no part of the lake until the
 * manifest names them.
 * @param from offset of the commit before
 * @param next offset after the last record
 */
export async function storeArrived(
  dependencies: FlushDependencies,
  task: LakeTask,
  { groups, people }: Arrived,
  { from, next }: { from: number; next: number },
): Promise<LakeFile[]> {
  const { duck, store, collections, scratch, onStep } = dependencies;
  const named = groups
    .filter(({ lakeType }) => tellsCustomers(lakeType))
    .flatMap(({ customers }) => [...customers]);
  const erased = await findErased(collections, [...new Set(named)]);
  // A customer who is told anew in what is being written has returned with it.
  for (const [key, { toldAt }] of people) {
    const person = erased.get(key);
    if (person && person.before === undefined && toldAt !== undefined)
      erased.set(key, { ...person, before: toldAt });
  }
  const putting = new Set<Promise<void>>();

  const write = async (group: Group): Promise<LakeFile> => {
    const { lakeType, shop, date, rows, firstAt, lastAt } = group;
    const base = join(scratch, randomUUID());
    const files = [`${base}.ndjson`, `${base}.parquet`, `${base}.cleared.parquet`] as const;
    const [lines, written, cleared] = files;
    const { topic, partition, epoch } = task;
    await writeFile(lines, group.lines);
    await writeParquet(duck, { lakeType, topic, partition, rows: lines, file: written });
    await rm(lines);
    const people = [...group.customers].flatMap((key) => erased.get(key) ?? []);
    const isCleared = people.length > 0 && tellsCustomers(lakeType);
    if (isCleared) await writeCleared(duck, lakeType, people, written, cleared);
    const file = isCleared ? cleared : written;
    const { size } = await stat(file);
    onStep('file-written');
    const path = arrivedPath({ shop, type: lakeType.type, date, topic, partition, epoch, from, next });
    const put = store.put(path, file).then(async () => {
      await Promise.all([rm(written, { force: true }), rm(cleared, { force: true })]);
      onStep('file-stored');
    });
    putting.add(put);
    // Its failure is met where all are waited for.
    put.then(
      () => putting.delete(put),
      () => undefined,
    );
    return {
      _id: path,
      shop,
      type: lakeType.type,
      period: date,
      firstDate: date,
      lastDate: date,
      firstAt,
      lastAt,
      rows,
      bytes: size,
      source: { topic, partition, from, next },
      at: new Date(),
    };
  };

  const files: LakeFile[] = [];
  for (const group of groups) {
    files.push(await write(group));
    while (putting.size >= PUTS) await Promise.race(putting);
  }
  await Promise.all(putting);
  if (files.length > 0) onStep('files-stored');
  return files;
}
