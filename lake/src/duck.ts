import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** One DuckDB in memory, with bounds. Statements of one connection come one after the other. */
export interface Duck {
  /** Runs a statement. */
  run(sql: string): Promise<void>;
  /** Runs a query; integers come as bigint. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  readonly connection: DuckDBConnection;
  close(): void;
}

/**
 * Opens a DuckDB that fetches nothing and keeps to its bounds.
 * @param options.memoryMb what it may hold; beyond that it spills to `spillFolder`. @default 512
 * @param options.threads @default 1: the parts beside it want a core too
 */
export async function openDuck({
  memoryMb = 512,
  threads = 1,
  spillFolder,
}: {
  memoryMb?: number;
  threads?: number;
  spillFolder?: string;
} = {}): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MiB`,
    threads: String(threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(spillFolder === undefined ? {} : { temp_directory: spillFolder }),
  });
  const connection = await instance.connect();
  // Rows keep the order of the log by being sorted where that matters; times are UTC throughout.
  await connection.run("SET TimeZone = 'UTC'");
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjects() as Record<string, unknown>[];
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as an SQL literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
