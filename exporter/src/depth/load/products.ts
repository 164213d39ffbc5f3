import { depthDimensions, dimensionSql, sqlName } from '@storepulse/contracts';
import { OF_PRODUCTS } from '../tables.ts';
import { joinName, SHOP } from './names.ts';
import type { RowsContext } from './rows.ts';

/** Adds what the events of `told`, of products, say of them. */
export async function addProductStates({ duck, names }: RowsContext): Promise<void> {
  const texts = OF_PRODUCTS.map(
    (name) => `${dimensionSql(depthDimensions.get(name)!, sqlName(name))!} AS ${name}`,
  );
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE states AS SELECT shop_id, "sku", ${texts.join(', ')}, "eventTime" AS instant, "eventId" AS event_id, place, file FROM told`,
  );
  for (const name of ['sku', ...OF_PRODUCTS]) await names.add(name, 'states', name);
  const joins = OF_PRODUCTS.map((name) => joinName(name, `states.${name}`, `n_${name}`));
  await duck.run(`
    INSERT INTO product_states (shop, sku, ${OF_PRODUCTS.join(', ')}, instant, event_id, place, file, counts)
    SELECT s.id, k.id, ${OF_PRODUCTS.map((name) => `n_${name}.id`).join(', ')}, instant, event_id, place, file, place NOT IN (SELECT place FROM duplicates)
    FROM states ${joinName(SHOP, 'states.shop_id', 's')} ${joinName('sku', 'states.sku', 'k')} ${joins.join(' ')}`);
}

/** Makes the table of what products are now. */
export async function makeProducts({ duck }: RowsContext): Promise<void> {
  const latest = OF_PRODUCTS.map((name) => `arg_max(${name}, struct_pack(a := instant, b := event_id))`);
  await duck.run('DELETE FROM products');
  await duck.run(`
    INSERT INTO products (shop, sku, ${OF_PRODUCTS.join(', ')}) SELECT shop, sku, ${latest.join(', ')} FROM product_states
    WHERE counts GROUP BY shop, sku`);
}
