import type { Duck } from '@storepulse/lake';
import { dimensionColumn } from '../rows-sql.ts';
import type { TableDimension } from '../tables.ts';
import { joinName, type Names, SHOP } from './names.ts';

/**
 * Puts rows with texts into a table, as numbers.
 * @param rows a query with `shop_id`, `place`, `file`, a text for each dimension, and the columns of `values`
 * @param values columns that are taken as they are
 */
export async function insertNumbered(
  { duck, names }: { duck: Duck; names: Names },
  table: string,
  {
    rows,
    values,
    dimensions,
  }: { rows: string; values: readonly string[]; dimensions: readonly TableDimension[] },
): Promise<void> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE stage AS ${rows}`);
  const columns = dimensions.map(({ spec }) => dimensionColumn(spec.name));
  for (const { spec } of dimensions) await names.add(spec.name, 'stage', dimensionColumn(spec.name));
  const joins = dimensions.map(({ spec }, i) => joinName(spec.name, `stage.${columns[i]}`, `n_${i}`));
  await duck.run(`
    INSERT INTO ${table} (${['shop', 'place', 'file', 'counts', ...values, ...columns].join(', ')})
    SELECT ${['n_shop.id', 'stage.place', 'stage.file', 'stage.place NOT IN (SELECT place FROM duplicates)', ...values.map((name) => `stage.${name}`), ...columns.map((_, i) => `n_${i}.id`)].join(', ')}
    FROM stage ${[joinName(SHOP, 'stage.shop_id', 'n_shop'), ...joins].join(' ')}`);
}
