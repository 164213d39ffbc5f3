import { quoted } from '@storepulse/lake';
import type { Database } from '../run/database.ts';
import { type Cells, cellKey } from './cells.ts';

/** Days of one shop, first and last as `YYYY-MM-DD`. */
export interface ShopDays {
  readonly shop: string;
  readonly from: string;
  readonly to: string;
}

/** A shop that the warehouse has, with the terms that its figures are in and the days that it has. */
export interface WarehouseShop {
  readonly shop: string;
  readonly scale: number;
  readonly timeZone: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The shops of the warehouse. */
export async function shopsOf(database: Database): Promise<WarehouseShop[]> {
  const rows = await database.rows(`
    select shops.shop_id, shops.scale, shops.time_zone,
      min(cells.shop_date)::varchar as first_day, max(cells.shop_date)::varchar as last_day
    from dim_shops as shops inner join daily_cells as cells on cells.shop_id = shops.shop_id
    group by all order by 1`);
  return rows.map((row) => ({
    shop: String(row.shop_id),
    scale: Number(row.scale),
    timeZone: String(row.time_zone),
    firstDay: String(row.first_day),
    lastDay: String(row.last_day),
  }));
}

/** Tells metrics over facts once for all days: each tells of a whole history. To be called before `readWarehouse`. */
export async function tellFacts(database: Database): Promise<void> {
  await database.run(
    'create or replace temp table told_facts as select * from daily_fact_cells where amount <> 0',
  );
}

/** All cells of a shop's days. Amounts of zero are left out, as in what is compared with them. */
export async function readWarehouse(database: Database, days: ShopDays): Promise<Cells> {
  const cells: Cells = new Map();
  const rows = await database.rows(`
    select shop_date::varchar as day, metric, dimension, value, amount from daily_cells where ${within(days)} and amount <> 0
    union all
    select shop_date::varchar as day, metric, dimension, value, amount from told_facts where ${within(days)}`);
  for (const row of rows) cells.set(keyOf(row), Number(row.amount));
  const quantiles = await database.rows(`
    select shop_date::varchar as day, metric, dimension, value, low, high from daily_quantiles where ${within(days)}`);
  for (const row of quantiles) cells.set(keyOf(row), { low: Number(row.low), high: Number(row.high) });
  return cells;
}

/** Days on which visits began that had not ended by an instant, epoch ms: what is judged of them can't be told yet. */
export async function undecidedDays(
  database: Database,
  days: ShopDays,
  settledThrough: number,
): Promise<Set<string>> {
  const rows = await database.rows(`
    select distinct shop_date::varchar as day from fct_visits
    where ${within(days)} and (not is_settled or last_seen_at > ${Math.floor(settledThrough)})`);
  return new Set(rows.map(({ day }) => String(day)));
}

const within = ({ shop, from, to }: ShopDays) =>
  `shop_id = ${quoted(shop)} and shop_date between date ${quoted(from)} and date ${quoted(to)}`;

const keyOf = (row: Record<string, unknown>) =>
  cellKey({
    day: String(row.day),
    metric: String(row.metric),
    dimension: String(row.dimension),
    value: String(row.value),
  });
