import type { LakeType } from './columns.ts';
import { quoted } from './duck.ts';

/**
 * SQL that reads files of a type as this release knows it, whatever release has written them: a column that a file lacks is
 * null, one that this release does not know is left out. With no files it gives no rows.
 * @param files local paths
 * @param named true: a column `filename` tells the file. @default false
 */
export function scanSql({ columns }: LakeType, files: readonly string[], named = false): string {
  const all = named ? [...columns, { name: 'filename', type: 'VARCHAR' }] : columns;
  const empty = all.map(({ name, type }) => `NULL::${type} AS "${name}"`).join(', ');
  const names = all.map(({ name }) => `"${name}"`).join(', ');
  const none = `SELECT ${empty} WHERE false`;
  if (files.length === 0) return none;
  const list = files.map(quoted).join(', ');
  return `SELECT ${names} FROM (${none} UNION ALL BY NAME SELECT * FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false${named ? ', filename = true' : ''}))`;
}
