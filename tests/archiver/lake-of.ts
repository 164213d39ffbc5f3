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
      const live = async () =>
        (await files())
          .filter((file) => type === undefined || file.type === type)
          .map(({ _id }) => `'${join(folder, _id)}'`)
          .join(', ');
      const read = async (list: string): Promise<Record<string, unknown>[]> => {
        if (list === '') return [];
        try {
          return await duck.rows(
            `SELECT ${what} FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`,
          );
        } catch (error) {
          // Files that were merged meanwhile are deleted, and another has their rows.
          const now = await live();
          if (now === list) throw error;
          return read(now);
        }
      };
      return read(await live());
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
