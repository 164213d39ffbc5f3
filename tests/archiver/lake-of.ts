import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duck, openDuck } from '@storepulse/lake';
import type { LakeFile, LakeTask } from '@storepulse/lake/manifest';
import type { Pipeline } from '../support/pipeline/pipeline.ts';

/** A lake in a folder, looked at by other means than those of the archiver. */
export interface LakeView extends AsyncDisposable {
  /** Rows of a type in the live files, or of all: `SELECT <what> FROM …`. */
  select(what: string, type?: string): Promise<Record<string, unknown>[]>;
  files(): Promise<LakeFile[]>;
  tasks(): Promise<LakeTask[]>;
  /** By fate, over all partitions. */
  fates(): Promise<Record<string, number>>;
  /** Paths of the Parquet files that are there. */
  onDisk(): Promise<string[]>;
}

/** @param folder the lake's location */
export async function lakeOf({ db }: Pipeline, folder: string): Promise<LakeView> {
  const duck: Duck = await openDuck();
  const files = () => db.collection<LakeFile>('lake-files').find().sort({ _id: 1 }).toArray();
  const tasks = () => db.collection<LakeTask>('lake-tasks').find().sort({ _id: 1 }).toArray();
  return {
    files,
    tasks,
    select: async (what, type) => {
      const paths = (await files())
        .filter((file) => type === undefined || file.type === type)
        .map(({ _id }) => _id);
      if (paths.length === 0) return [];
      const list = paths.map((path) => `'${join(folder, path)}'`).join(', ');
      return duck.rows(
        `SELECT ${what} FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`,
      );
    },
    fates: async () => {
      const total: Record<string, number> = {};
      for (const { fates } of await tasks())
        for (const [fate, n] of Object.entries(fates)) total[fate] = (total[fate] ?? 0) + (n ?? 0);
      return total;
    },
    onDisk: async () => {
      const found = await readdir(folder, { recursive: true }).catch(() => []);
      return found.filter((name) => /\.(parquet|partial)$/.test(name)).sort();
    },
    [Symbol.asyncDispose]: async () => duck.close(),
  };
}
