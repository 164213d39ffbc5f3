import { createRequire } from 'node:module';

/** ClickHouse within this process, where `npm install --no-save chdb@3.4.0` has brought it. */
export interface ClickHouse {
  readonly version: string;
  /** Runs a query. */
  run(sql: string): void;
}

interface Chdb {
  query(sql: string, format: string): string;
}

/**
 * Loads it.
 * @throws {Error} when it is not there, with what brings it
 */
export function openClickHouse(threads: number): ClickHouse {
  let chdb: Chdb;
  try {
    chdb = createRequire(import.meta.url)('chdb') as Chdb;
  } catch {
    throw new Error('--clickhouse needs chdb: npm install --no-save chdb@3.4.0');
  }
  const run = (sql: string) => chdb.query(sql, 'CSV');
  return {
    version: run('SELECT version()').trim().replaceAll('"', ''),
    run: (sql) => {
      run(`${sql} SETTINGS max_threads = ${threads}`);
    },
  };
}

/** The questions of `run.ts` that it is asked, by their names, over the Parquet files of a lake. */
export function clickHouseQuestions(folder: string): Readonly<Record<string, string>> {
  const from = (type: string) => `file('${folder}/shop=bench/type=${type}/*/*.parquet', Parquet)`;
  const lines = `${from('order_placed')} ARRAY JOIN lines AS l`;
  const gross = 'sum(l.unit_price * l.quantity)';
  return {
    'gross sales by month, country × device': `SELECT toStartOfMonth(occurred) AS m, country, device, ${gross} FROM ${lines} GROUP BY ALL`,
    'top 50 products in one country': `SELECT l.sku, ${gross} AS g FROM ${lines} WHERE country = 'FR' GROUP BY ALL ORDER BY g DESC LIMIT 50`,
    'conversion by channel on mobile': `SELECT channel, avg(converted) FROM (SELECT device, channel, 1 AS converted FROM ${from('order_placed')} UNION ALL SELECT device, channel, 0 FROM ${from('session_started')}) WHERE device = 'mobile' GROUP BY channel`,
  };
}
