import { readDiscounts } from '@storepulse/lake/find-discounts';
import { SOURCE_SCHEMA } from '../project/render.ts';
import type { Database } from '../run/database.ts';

/** Finds the discounts of the changed days, and puts them into `found_discounts`. */
export async function fillFoundDiscounts(database: Database): Promise<void> {
  const changed = `(shop_id, shop_date) in (select (shop_id, shop_date) from ${SOURCE_SCHEMA}.changed_days)`;
  await database.run(`delete from ${SOURCE_SCHEMA}.found_discounts where ${changed}`);
  const discounts = await readDiscounts(database.rows, {
    all: (type) => `${SOURCE_SCHEMA}.${type}`,
    asked: (type) => `(select * from ${SOURCE_SCHEMA}.${type} where ${changed})`,
  });
  if (discounts.length === 0) return;
  const values = discounts.map(
    ({ of, lineNo, discount }) =>
      `('${of.event.shop}', date '${of.shopDate}', '${of.topic}', ${of.partition}, ${of.offset}, ${lineNo}, ${discount})`,
  );
  await database.run(`insert into ${SOURCE_SCHEMA}.found_discounts values ${values.join(', ')}`);
}
