import { dimensionSql, type EventType, scopeOfEvents, toSql } from '@storepulse/contracts';
import { missingSql } from '../events-sql.ts';
import { customerSql, dimensionColumn, keySql } from '../rows-sql.ts';
import type { TableDimension } from '../tables.ts';
import { insertNumbered } from './numbered.ts';
import type { RowsContext } from './rows.ts';

/** What lines are worth after their discounts; discounts that lines leave out have been found. */
const worthSql = (list: string) =>
  `coalesce(list_sum(list_transform("${list}", lambda l: l."unitPrice" * l."quantity" - coalesce(l."discount", 0))), 0)`;

/** What an event adds to the net sales, in minor units, by its type: as `soldGoods`, `editedGoods` and `refundedGoods`. */
const GOODS = {
  order_placed: '"subtotal" - "discount"',
  order_edited: `${worthSql('added')} - ${worthSql('removed')}`,
  refund_issued: `CASE WHEN len("lines") > 0 THEN -${worthSql('lines')} ELSE coalesce("shipping", 0) + coalesce("tax", 0) - "amount" END`,
} satisfies Partial<Record<EventType, string>>;
const GOODS_TYPES = Object.keys(GOODS) as (keyof typeof GOODS)[];
const PAYMENT_TYPES = ['payment_authorized', 'payment_failed'] as const satisfies readonly EventType[];

/** Tables of what facts are made of, which go with their files. */
export const FACT_EVENT_TABLES = ['goods_events', 'cancelled_orders', 'payment_events'];

/**
 * Adds what the events of `told` tell of customers and orders: goods that were bought, changed or given back, orders that were
 * called off, attempts to pay.
 */
export async function addFactEvents(context: RowsContext, type: EventType): Promise<void> {
  const { facts, events } = context;
  const own = scopeOfEvents([type], events).fields;
  const rowsOf = (
    types: readonly EventType[],
    dimensions: readonly TableDimension[],
    values: readonly string[],
  ) => {
    const scope = scopeOfEvents(types, events);
    const texts = dimensions.map(
      ({ spec, told }) => `${dimensionSql(spec, toSql(told, scope))!} AS ${dimensionColumn(spec.name)}`,
    );
    return `SELECT ${['"shop_id"', '"place"', '"file"', ...values, ...texts].join(', ')} FROM (SELECT *${missingSql(own, scope.fields)} FROM told)`;
  };
  if (isOneOf(GOODS_TYPES, type)) {
    const isOrder = type === 'order_placed';
    const values = [
      `${customerSql} AS customer`,
      `${keySql('"orderId"')} AS order_key`,
      '"eventTime" AS instant',
      `${isOrder} AS is_order`,
      `CAST(${GOODS[type]} AS BIGINT) AS amount`,
      `${isOrder ? '"subtotal"' : 'NULL'} AS subtotal`,
    ];
    await insertNumbered(context, 'goods_events', {
      rows: rowsOf(GOODS_TYPES, facts.goods, values),
      values: ['customer', 'order_key', 'instant', 'is_order', 'amount', 'subtotal'],
      dimensions: facts.goods,
    });
  }
  if (type === 'order_cancelled')
    await insertNumbered(context, 'cancelled_orders', {
      rows: rowsOf([type], [], [`${keySql('"orderId"')} AS order_key`]),
      values: ['order_key'],
      dimensions: [],
    });
  if (isOneOf(PAYMENT_TYPES, type))
    await insertNumbered(context, 'payment_events', {
      rows: rowsOf(PAYMENT_TYPES, facts.payments, [
        `${keySql('"orderId"')} AS order_key`,
        '"eventTime" AS instant',
        `${type === 'payment_authorized'} AS authorized`,
      ]),
      values: ['order_key', 'instant', 'authorized'],
      dimensions: facts.payments,
    });
}

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T =>
  (list as readonly string[]).includes(value);

/** Notes that the customers and orders of some events are to be made anew. @param isTouched a condition on `file` and `place` */
export async function touchFacts({ duck }: Pick<RowsContext, 'duck'>, isTouched: string): Promise<void> {
  await duck.run(
    `INSERT INTO touched_customers SELECT DISTINCT customer FROM goods_events WHERE customer IS NOT NULL AND ${isTouched}`,
  );
  await duck.run(
    `INSERT INTO touched_orders SELECT DISTINCT order_key FROM payment_events WHERE ${isTouched}`,
  );
}

/** Makes the tables that `touchFacts` notes down in. */
export async function beginFacts({ duck }: Pick<RowsContext, 'duck'>): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE touched_customers (customer UBIGINT)');
  await duck.run('CREATE OR REPLACE TEMP TABLE touched_orders (order_key UBIGINT)');
}

/** Makes the touched customers and orders anew. */
export async function makeFacts(context: RowsContext): Promise<void> {
  await makePurchases(context);
  await makePaidOrders(context);
}

const columnsOf = (dimensions: readonly TableDimension[]) =>
  dimensions.map(({ spec }) => dimensionColumn(spec.name));

/**
 * Where two are the first at the same instant: the order that the indexes have which the fold reads (nothing told, then texts by their
 * bytes), so that both count a customer alike.
 */
function tieBreak(dimensions: readonly TableDimension[]): { joins: string; order: string } {
  const joins = dimensions.map(
    ({ spec }, i) =>
      `JOIN names AS t_${i} ON t_${i}.dimension = '${spec.name}' AND t_${i}.id = e.${dimensionColumn(spec.name)}`,
  );
  const order = dimensions.flatMap((_, i) => [`t_${i}.value <> 'unknown'`, `t_${i}.value`]);
  return { joins: joins.join(' '), order: [...order, 'e.place'].join(', ') };
}

/**
 * `purchases`: each customer's orders, edits and refunds in order of time, with what is known of the customer after each. What comes
 * before the first order counts from that order on. `customers`: when each ordered first.
 */
async function makePurchases({ duck, facts }: RowsContext): Promise<void> {
  const [found] = await duck.rows('SELECT count(*) AS n FROM touched_customers');
  if (Number(found!.n) === 0) return;
  const columns = columnsOf(facts.goods);
  const sorted = 'PARTITION BY customer ORDER BY instant, is_order DESC, subtotal, subtotal - amount, place';
  const before = `(${sorted} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE histories AS
    WITH own AS (
      SELECT *, min(CASE WHEN is_order THEN instant END) OVER (PARTITION BY customer) AS first_instant FROM goods_events
      WHERE counts AND customer IN (SELECT customer FROM touched_customers)
    ), begun AS (SELECT * REPLACE (greatest(instant, first_instant) AS instant) FROM own WHERE first_instant IS NOT NULL)
    SELECT *, CAST(count(*) FILTER (is_order) OVER until_then AS INTEGER) AS nth, CAST(sum(amount) OVER until_then AS BIGINT) AS net_sales,
      max(instant) FILTER (is_order) OVER until_then AS last_order, max(instant) FILTER (is_order) OVER ${before} AS previous_order,
      lead(instant) OVER (${sorted}) AS next_instant
    FROM begun WINDOW until_then AS (${sorted} ROWS UNBOUNDED PRECEDING)`);
  const { joins, order } = tieBreak(facts.goods);
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE firsts AS
    WITH alone AS (SELECT * FROM histories WHERE is_order AND nth = 1),
    tied AS (
      SELECT h.* FROM histories AS h JOIN alone AS a ON a.customer = h.customer
      WHERE h.is_order AND h.instant = a.instant AND h.subtotal = a.subtotal AND h.amount = a.amount
        AND h.customer IN (SELECT customer FROM histories WHERE is_order AND instant = first_instant GROUP BY customer HAVING count(*) > 1)
    ),
    best AS (SELECT DISTINCT ON (e.customer) e.* FROM tied AS e ${joins} ORDER BY e.customer, ${order})
    SELECT ${['customer', ...columns].join(', ')} FROM best
    UNION ALL SELECT ${['customer', ...columns].join(', ')} FROM alone WHERE customer NOT IN (SELECT customer FROM best)`);
  for (const table of ['purchases', 'customers'])
    await duck.run(`DELETE FROM ${table} WHERE customer IN (SELECT customer FROM touched_customers)`);
  const told = ['shop', 'customer', 'instant', 'is_order', 'amount', 'nth', 'net_sales', 'last_order'];
  const all = [...told, 'previous_order', 'next_instant', 'first_instant'];
  await duck.run(`
    INSERT INTO purchases (${[...all, ...columns].join(', ')})
    SELECT ${[...all.map((name) => `h.${name}`), ...columns.map((name) => `f.${name}`)].join(', ')}
    FROM histories AS h JOIN firsts AS f ON f.customer = h.customer ORDER BY h.instant`);
  await duck.run(
    'INSERT INTO customers SELECT shop, customer, first_instant FROM histories WHERE is_order AND nth = 1',
  );
  await duck.run('DROP TABLE histories');
}

/** `paid_orders`: each order that somebody tried to pay, at the first attempt. */
async function makePaidOrders({ duck, facts }: RowsContext): Promise<void> {
  const [found] = await duck.rows('SELECT count(*) AS n FROM touched_orders');
  if (Number(found!.n) === 0) return;
  const columns = columnsOf(facts.payments);
  const { joins, order } = tieBreak(facts.payments);
  const touched = 'order_key IN (SELECT order_key FROM touched_orders)';
  await duck.run(`DELETE FROM paid_orders WHERE ${touched}`);
  const all = ['shop', 'order_key', 'instant', 'paid', ...columns];
  await duck.run(`
    INSERT INTO paid_orders (${all.join(', ')})
    WITH own AS (SELECT * FROM payment_events WHERE counts AND ${touched}),
    known AS (SELECT order_key, min(instant) AS first_instant, bool_or(authorized) AS paid FROM own GROUP BY order_key)
    SELECT DISTINCT ON (e.order_key) ${['e.shop', 'e.order_key', 'e.instant', 'k.paid', ...columns.map((name) => `e.${name}`)].join(', ')}
    FROM own AS e JOIN known AS k ON k.order_key = e.order_key AND k.first_instant = e.instant ${joins}
    ORDER BY e.order_key, e.authorized DESC, ${order}`);
}

/** Tables of facts: what they are made of, and what is made. */
export function factTables(facts: RowsContext['facts']): string[] {
  const told = (dimensions: readonly TableDimension[]) =>
    columnsOf(dimensions)
      .map((column) => `, ${column} INTEGER`)
      .join('');
  const ofEvents = 'shop INTEGER, place BIGINT, file INTEGER, counts BOOLEAN, order_key UBIGINT';
  return [
    `goods_events (${ofEvents}, customer UBIGINT, instant BIGINT, is_order BOOLEAN, amount BIGINT, subtotal BIGINT${told(facts.goods)})`,
    `cancelled_orders (${ofEvents})`,
    `payment_events (${ofEvents}, instant BIGINT, authorized BOOLEAN${told(facts.payments)})`,
    `purchases (shop INTEGER, customer UBIGINT, instant BIGINT, is_order BOOLEAN, amount BIGINT, nth INTEGER, net_sales BIGINT, last_order BIGINT, previous_order BIGINT, next_instant BIGINT, first_instant BIGINT${told(facts.goods)})`,
    'customers (shop INTEGER, customer UBIGINT, first_instant BIGINT)',
    `paid_orders (shop INTEGER, order_key UBIGINT, instant BIGINT, paid BOOLEAN${told(facts.payments)})`,
  ];
}
