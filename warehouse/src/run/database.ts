import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WarehouseError } from '../errors.ts';
import { MODEL_SCHEMA } from '../project/render.ts';

/** The warehouse's DuckDB. Statements come one after the other. */
export interface Database {
  run(sql: string): Promise<void>;
  /** Rows of a query; integers come as bigint. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Whether a model's relation is there. */
  hasRelation(model: string): Promise<boolean>;
  /** Does all of it, or nothing. */
  inTransaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Opens the warehouse.
 * @param file its file, made when missing; `:memory:` for none
 * @param options.memoryMb what it may hold; beyond that it spills beside its file. @default 1024
 * @param options.threads @default 2
 * @throws {WarehouseError} `DATABASE`, also when another process has it open
 */
export async function openDatabase(
  file: string,
  { memoryMb = 1024, threads = 2 }: { memoryMb?: number; threads?: number } = {},
): Promise<Database> {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  try {
    if (file !== ':memory:') await mkdir(dirname(file), { recursive: true });
    instance = await DuckDBInstance.create(file, {
      memory_limit: `${memoryMb}MiB`,
      threads: String(threads),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    connection = await instance.connect();
  } catch (error) {
    throw new WarehouseError(
      'DATABASE',
      `The warehouse ${file} can't be opened: ${firstLine(error)} One process has it at a time: is another run, or a reader, at work?`,
      { cause: error },
    );
  }
  await connection.run("SET TimeZone = 'UTC'");
  const database: Database = {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjects() as Record<string, unknown>[];
    },
    hasRelation: async (model) => {
      const found = await database.rows(
        `select 1 from information_schema.tables where table_schema = '${MODEL_SCHEMA}' and table_name = '${model}'`,
      );
      return found.length > 0;
    },
    inTransaction: async (work) => {
      await database.run('begin transaction');
      try {
        const result = await work();
        await database.run('commit');
        return result;
      } catch (error) {
        await database.run('rollback').catch(() => {});
        throw error;
      }
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
  return database;
}

/** The first line of an error, which names what was wrong; the others repeat the statement. */
export function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split('\n')[0]!;
}
