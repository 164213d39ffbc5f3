import type { DuckDBConnection } from '@duckdb/node-api';

/** One DuckDB with bounds. Statements of one connection come one after the other. */
export interface Duck {
  /** Runs a statement. */
  run(sql: string): Promise<void>;
  /** Runs a query; integers come as bigint. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  readonly connection: DuckDBConnection;
  /** Another connection: its statements run beside those of this one. Its owner closes it. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/**
 * Opens a DuckDB that fetches nothing and keeps to its bounds.
 * @param options.memoryMb what it may hold; beyond that it spills to `spillFolder`. @default 512
 * @param options.threads @default 1: the parts beside it want a core too
 * @param options.file where its tables lie. @default in memory
 */
export async function openDuck({
  memoryMb = 512,
  threads = 1,
  spillFolder,
  file = ':memory:',
}: {
  memoryMb?: number;
  threads?: number;
  spillFolder?: string;
  file?: string;
} = {}): Promise<Duck> {
  // Who reads the lake's settings or manifest alone does not pay for loading it.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file, {
    memory_limit: `${memoryMb}MiB`,
    threads: String(threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Without it the allocator keeps the pages of ended statements for each thread that has run one: hundreds of MB beyond `memory_limit`.
    allocator_background_threads: 'true',
    // Files of the lake are read once: what was read would stay in memory, up to `memory_limit`.
    enable_external_file_cache: 'false',
    ...(spillFolder === undefined ? {} : { temp_directory: spillFolder }),
  });
  const connection = await instance.connect();
  // Rows keep the order of the log by being sorted where that matters; times are UTC throughout.
  await connection.run("SET TimeZone = 'UTC'");
  return {
    connection,
    connect: () => instance.connect(),
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
