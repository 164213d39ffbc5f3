import type { EventOf } from '@storepulse/contracts';
import {
  isUntold,
  type Reversal,
  reversedLines,
  spreadDiscount,
  untoldDiscount,
} from '@storepulse/contracts/events/discounts';
import {
  discountsAsSold,
  type GoodsEvent,
  moveGoods,
  type OrderLots,
} from '@storepulse/contracts/events/order-lots';

/** An event that moves goods, with its place in the log. */
export interface LoggedGoods {
  readonly shopDate: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly event: GoodsEvent;
}

/** The discount of a line that tells none. */
export interface FoundDiscount {
  readonly of: LoggedGoods;
  readonly lineNo: number;
  readonly discount: number;
}

/**
 * Discounts of the lines that leave theirs out, found as the stream finds them (ADR 16): what the event's amounts are short
 * of, else the pieces' share of what the order took off, where the order lies before the event in the same partition.
 * @param events of whole orders, each event once
 */
export function findDiscounts(events: readonly LoggedGoods[]): FoundDiscount[] {
  const found: FoundDiscount[] = [];
  const byOrder = Map.groupBy(
    events,
    ({ topic, partition, event }) => `${topic}/${partition}/${event.shop}|${event.orderId ?? ''}`,
  );
  for (const ofOrder of byOrder.values()) {
    const lots: OrderLots = new Map();
    let placed = false;
    for (const logged of ofOrder.toSorted((a, b) => a.offset - b.offset)) {
      const { event } = logged;
      if (event.type === 'order_placed') {
        placed = true;
        moveGoods(lots, event);
        continue;
      }
      const { discounts, fromOrder } = valued(event, placed && event.orderId !== null ? lots : undefined);
      reversedLines(event).forEach((line, lineNo) => {
        if (isUntold(line)) found.push({ of: logged, lineNo, discount: discounts[lineNo]! });
      });
      moveGoods(lots, event, fromOrder ? discounts : undefined);
    }
  }
  return found;
}

function valued(event: Reversal, lots: OrderLots | undefined): { discounts: number[]; fromOrder: boolean } {
  const lines = reversedLines(event);
  const untold = Math.max(0, untoldDiscount(event));
  const asksOrder = untold === 0 && lots !== undefined && lines.some(isUntold);
  return asksOrder
    ? { discounts: discountsAsSold(lots, event), fromOrder: true }
    : { discounts: spreadDiscount(lines, untold), fromOrder: false };
}

/** Columns of the events that move goods, under one name each. */
const GOODS = [
  {
    type: 'order_placed',
    lines: 'lines',
    fields: "0 as shipping, 0 as tax, 0 as amount, to_json(lines) as added, '[]' as removed",
  },
  {
    type: 'order_edited',
    lines: 'removed',
    fields: 'shipping, tax, total as amount, to_json(added) as added, to_json(removed) as removed',
  },
  {
    type: 'refund_issued',
    lines: 'lines',
    fields:
      "coalesce(shipping, 0) as shipping, coalesce(tax, 0) as tax, amount, '[]' as added, to_json(lines) as removed",
  },
] as const;

/** Where events that move goods are read, by their type: relations with the lake's columns. */
export interface GoodsRelations {
  /** All that the lake has of a type. */
  readonly all: (type: string) => string;
  /** Those of a type whose lines are to be valued. */
  readonly asked: (type: string) => string;
}

/**
 * Reads of the lake the orders that tell what came off, and finds the discounts of the asked events' lines that tell none.
 * @param read runs a query of DuckDB
 */
export async function readDiscounts(
  read: (sql: string) => Promise<Record<string, unknown>[]>,
  { all, asked }: GoodsRelations,
): Promise<FoundDiscount[]> {
  const rows = `(${GOODS.map(
    ({ type, fields }) =>
      `select topic, partition, "offset", shop_id, shop_date, identity, event_type, order_id, ${fields} from ${all(type)} as told`,
  ).join(' union all ')})`;
  const untold = `(${GOODS.filter(({ type }) => type !== 'order_placed')
    .map(
      ({ type, lines }) =>
        `select shop_id, order_id, topic, partition, "offset" from ${asked(type)} as told
         where len(list_filter(${lines}, lambda line: line.discount is null)) > 0`,
    )
    .join(' union all ')})`;
  const found = await read(`
    with asked as materialized ${untold}
    select shop_date::varchar as shop_date, * exclude (shop_date),
      (topic, partition, "offset") in (select (topic, partition, "offset") from asked) as is_asked
    from ${rows} as goods
    where exists (
      select 1 from asked
      where asked.shop_id = goods.shop_id and asked.topic = goods.topic and asked.partition = goods.partition
        and (asked.order_id = goods.order_id or asked."offset" = goods."offset")
    )
    qualify row_number() over (
      partition by event_type, shop_id, identity order by partition, "offset"
    ) = 1`);
  const isAsked = new Set(found.filter((row) => row.is_asked === true).map(placeOf));
  return findDiscounts(found.map(toLogged)).filter(
    ({ of, discount }) => discount > 0 && isAsked.has(`${of.topic}/${of.partition}/${of.offset}`),
  );
}

const placeOf = (row: Record<string, unknown>) => `${row.topic}/${row.partition}/${row.offset}`;

function toLogged(row: Record<string, unknown>): LoggedGoods {
  const numbers = {
    shipping: Number(row.shipping),
    tax: Number(row.tax),
    total: Number(row.amount),
    amount: Number(row.amount),
  };
  const [added, removed] = [linesOf(row.added), linesOf(row.removed)];
  const event = {
    type: row.event_type,
    shop: row.shop_id,
    orderId: row.order_id,
    ...numbers,
    lines: row.event_type === 'order_placed' ? added : removed,
    added,
    removed,
  } as unknown as GoodsEvent;
  return {
    shopDate: String(row.shop_date),
    topic: String(row.topic),
    partition: Number(row.partition),
    offset: Number(row.offset),
    event,
  };
}

type Line = EventOf<'order_edited'>['removed'][number];

function linesOf(json: unknown): Line[] {
  const lines = JSON.parse(json === null || json === undefined ? '[]' : String(json)) as
    | {
        sku: string;
        category: string | null;
        quantity: number;
        unit_price: number;
        discount: number | null;
      }[]
    | null;
  return (lines ?? []).map(({ sku, category, quantity, unit_price: unitPrice, discount }) => ({
    ...{ sku, category, quantity, unitPrice },
    ...(discount === null || discount === undefined ? {} : { discount }),
  }));
}
