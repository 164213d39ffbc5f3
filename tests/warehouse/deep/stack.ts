import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LakeFile, lakeCollections } from '@storepulse/lake';
import { ROOT } from '@storepulse/local/paths';
import type { Db } from 'mongodb';
import { type ProgramRun, runNode } from '../../support/pipeline/programs.ts';
import { lakeOfLog } from '../lake-of-events.ts';
import { readTopics } from './archive-topics.ts';

/** A lake and a warehouse beside a running pipeline. */
export interface WarehouseBeside {
  readonly folder: string;
  readonly file: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Archives what the topics hold now; returns how many events that are. */
  archive(): Promise<number>;
  /** Runs `npm run warehouse -- …`. */
  run(...args: string[]): Promise<ProgramRun>;
  stop(): Promise<void>;
}

/** Makes them; nothing is archived yet. */
export async function warehouseBeside(
  environment: Readonly<Record<string, string>>,
  db: Db,
): Promise<WarehouseBeside> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-warehouse-'));
  const file = join(folder, 'warehouse.duckdb');
  const lake = join(folder, 'lake');
  const settings = { ...environment, LAKE_LOCATION: lake, WAREHOUSE_FILE: file, WAREHOUSE_RETRIES: '0' };
  return {
    folder,
    file,
    settings,
    archive: async () => {
      const { shops, events } = await readTopics(environment.KAFKA_BROKERS!, environment.TOPIC_PREFIX);
      const files: LakeFile[] = await lakeOfLog(lake, shops, events);
      const collection = lakeCollections(db).files;
      await collection.deleteMany({});
      await collection.insertMany(files);
      return events.length;
    },
    run: (...args) => runNode([join(ROOT, 'warehouse', 'src', 'main.ts'), ...args], settings),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
