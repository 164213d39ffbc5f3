import { DISTINCT_REGISTER_BITS, hash64 } from '@storepulse/contracts';
import type { Duck } from '@storepulse/lake';

const halves = new Uint32Array(2);

/**
 * Makes the table `hashes` of the ids that a relation has in a column: `id`, its `hash` and its `rank`, as sketches hash and rank ids, so
 * that an answer over rows is the sketch that the stream would have made.
 */
export async function hashIds(duck: Duck, relation: string, column: string): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE hashes (id VARCHAR, hash UBIGINT, rank UTINYINT)');
  const rows = await duck.rows(
    `SELECT DISTINCT ${column} AS id FROM ${relation} WHERE ${column} IS NOT NULL`,
  );
  const appender = await duck.connection.createAppender('hashes');
  for (const row of rows) {
    const id = String(row.id);
    hash64(id, halves);
    const [high, low] = [halves[0]!, halves[1]!];
    appender.appendVarchar(id);
    appender.appendUBigInt((BigInt(high) << 32n) | BigInt(low));
    appender.appendUTinyInt(rankOf(high, low));
    appender.endRow();
  }
  appender.closeSync();
}

/** The place of the first one-bit behind the register's index. */
function rankOf(high: number, low: number): number {
  const rest = (high << DISTINCT_REGISTER_BITS) >>> 0;
  return (rest !== 0 ? Math.clz32(rest) : 32 - DISTINCT_REGISTER_BITS + Math.clz32(low)) + 1;
}
