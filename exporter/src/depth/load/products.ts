import { depthDimensions, dimensionSql } from '@storepulse/contracts';
import { joinName, SHOP } from './names.ts';
import type { RowsContext } from './rows.ts';

/** Adds what the events of `told`, of products, say of them. */
export async function addProductStates({ duck, names }: RowsContext): Promise<void> {
  const supplier = dimensionSql(depthDimensions.get('supplier')!, '"supplier"')!;
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE states AS SELECT shop_id, "sku", ${supplier} AS supplier, "eventTime" AS instant, "eventId" AS event_id, place, file FROM told`,
  );
  await names.add('sku', 'states', 'sku');
  await names.add('supplier', 'states', 'supplier');
  await duck.run(`
    INSERT INTO product_states SELECT s.id, k.id, p.id, instant, event_id, place, file, place NOT IN (SELECT place FROM duplicates)
    FROM states ${joinName(SHOP, 'states.shop_id', 's')} ${joinName('sku', 'states.sku', 'k')} ${joinName('supplier', 'states.supplier', 'p')}`);
}

/** Makes the table of what products are now. */
export async function makeProducts({ duck }: RowsContext): Promise<void> {
  await duck.run('DELETE FROM products');
  await duck.run(`
    INSERT INTO products SELECT shop, sku, arg_max(supplier, struct_pack(a := instant, b := event_id)) FROM product_states
    WHERE counts GROUP BY shop, sku`);
}
