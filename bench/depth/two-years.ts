import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Shop } from '@storepulse/contracts';
import { type LakeFile, openDuck } from '@storepulse/lake';

/** When the two years begin, epoch ms. */
export const BEGIN = Date.UTC(2024, 0, 1);
const MONTHS = 24;
/** When they end. */
export const END = Date.UTC(2026, 0, 1);
/** The shop whose years they are. */
export const SHOP = {
  ...{ type: 'shop_upserted', eventId: 'shop', eventTime: BEGIN, shop: 'bench', name: 'Bench' },
  ...{ currency: 'GBP', scale: 2, timeZone: 'UTC', weekStart: 'monday', retention: 'forever' },
} as unknown as Shop;

const pick = (list: readonly string[], by: string) =>
  `([${list.map((each) => `'${each}'`).join(', ')}])[1 + ((${by}) % ${list.length})::BIGINT]`;
const COUNTRIES = ['GB', 'FR', 'DE', 'IE', 'US', 'ES', 'NL', 'BE', 'IT', 'SE'];
const DEVICES = ['mobile', 'desktop', 'tablet'];
const CHANNELS = ['direct', 'organic_search', 'paid_search', 'social', 'email'];

/**
 * Fields of a visit's event: `i` numbers the visit, `ms` its time. A customer comes some five times, within the time of so many visits as
 * `spread` says.
 */
const visitFields = (type: string, topic: string, spread: number) => `
  '${topic}' AS topic, i % 8 AS "partition", i AS "offset", 'bench' AS shop_id, '${type}' AS event_type,
  '${type}-' || i AS event_id, ms AS occurred_at, make_timestamp(ms * 1000) AS occurred, 'GBP' AS currency, 2 AS scale,
  'v' || (i // 3) AS visitor_id, 's' || i AS session_id, 'c' || ((i - (hash(i + 29) % ${spread})::BIGINT) // 5) AS customer_id,
  ${pick(COUNTRIES, 'hash(i // 3)')} AS country, ${pick(DEVICES, 'hash(i // 3 + 7)')} AS device, ${pick(CHANNELS, 'hash(i + 13)')} AS channel`;

const line = (n: number) => {
  const sku = `(hash(i * 3 + ${n}) % 5000)::BIGINT`;
  return `struct_pack(sku := 'SKU-' || (${sku}), category := 'cat-' || (${sku} % 20), quantity := 1 + (i + ${n}) % 3, unit_price := 500 + (${sku}), discount := (i + ${n}) % 50)`;
};
const lines = [0, 1, 2].map(line).join(', ');

/** Visits of a month: evenly, in the order of time. */
const visits = (month: number, count: number, base: number) => {
  const [from, to] = [Date.UTC(2024, month, 1), Date.UTC(2024, month + 1, 1)];
  const [first, last] = [from, to].map((time) => Math.floor(((time - BEGIN) / (END - BEGIN)) * count));
  return `(SELECT i + ${base} AS i, (${BEGIN} + (i::DOUBLE / ${count} * ${END - BEGIN})::BIGINT) AS ms FROM range(${first}, ${last}) AS t(i))`;
};

/**
 * Writes a shop's orders, of three lines each, and visits without an order.
 * @param sizes.orders of two years
 * @param sizes.others visits without an order
 * @param sizes.from the first month: 24 is the one after the two years. @default 0
 * @param sizes.to the month after the last. @default 24
 * @param sizes.base added to their numbers, which must be new. @default 0
 */
export async function writeLake(
  folder: string,
  {
    orders,
    others,
    from = 0,
    to = MONTHS,
    base = 0,
  }: { orders: number; others: number; from?: number; to?: number; base?: number },
): Promise<LakeFile[]> {
  const duck = await openDuck({ memoryMb: 2_048, threads: 2 });
  const files: LakeFile[] = [];
  // Of ten of the months.
  const spread = Math.max(1, Math.round(orders * 0.4));
  const write = async (type: string, month: number, select: string, count: number) => {
    const period = new Date(Date.UTC(2024, month, 1)).toISOString().slice(0, 7);
    const path = `shop=bench/type=${type}/date=${period}/merged-e1-${month}.parquet`;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await duck.run(`COPY (${select}) TO '${join(folder, path)}' (FORMAT parquet, COMPRESSION zstd)`);
    files.push({
      ...{ _id: path, shop: 'bench', type, period, firstDate: period, lastDate: period },
      ...{ firstAt: BEGIN, lastAt: END, rows: Math.ceil(count / MONTHS), bytes: 0, at: new Date(0) },
    });
  };
  for (let month = from; month < to; month++) {
    const order = `WITH o AS (SELECT *, [${lines}] AS lines FROM ${visits(month, orders, base)})
      SELECT ${visitFields('order_placed', 'transactions', spread)}, 'o' || i AS order_id, 'o' || i AS "identity", lines,
      list_sum(list_transform(lines, lambda l: l.unit_price * l.quantity))::BIGINT AS subtotal,
      list_sum(list_transform(lines, lambda l: l.discount))::BIGINT AS discount, 300::BIGINT AS shipping, 0::BIGINT AS tax,
      (subtotal - discount + 300)::BIGINT AS total, 'card' AS payment_method FROM o`;
    await write('order_placed', month, order, orders);
    const other = `SELECT ${visitFields('session_started', 'user-interactions', spread).replace("'s' || i", "'t' || i")}, event_id AS "identity" FROM ${visits(month, others, base)}`;
    await write('session_started', month, other, others);
  }
  duck.close();
  return files;
}
