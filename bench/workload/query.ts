import {
  type Catalog,
  type DimensionSpec,
  defineCatalog,
  type EventRegistry,
  type EventSpec,
  type Expr,
  eventRegistry,
  type SourceSpec,
  stored,
} from '@storepulse/contracts';
import { eventSchema, Id, Quantity, Text, visitFields } from '@storepulse/contracts/events/envelope';
import { type Static, Type } from 'typebox';

/** The one event of the benches: some 300 bytes as JSON. */
const ItemSold = eventSchema('item_sold', {
  ...visitFields,
  category: Text(80),
  quantity: Quantity,
  unitPrice: Type.Integer({ minimum: 0 }),
  /** How many events came before it; what the latency bench recognises events by. */
  index: Type.Integer({ minimum: 0 }),
  lane: Id,
});
/** The one event of the benches. */
export type ItemSold = Static<typeof ItemSold>;

/** The event types that the processor is told of; with or without recognition of repeated event ids. */
export function benchEvents(dedupe: boolean): EventRegistry {
  const itemSold: EventSpec = {
    type: 'item_sold',
    topic: 'transactions',
    schema: ItemSold,
    key: (event: ItemSold) => [event.shop, event.visitorId],
    ...(dedupe ? {} : { identity: 'none' }),
  };
  return new Map([
    ['shop_upserted', eventRegistry.get('shop_upserted')!],
    [itemSold.type, itemSold],
  ]);
}

/** How many values each dimension has. */
export const VALUES = { country: 10, device: 3, channel: 5, category: 20 } as const;

const source: SourceSpec = {
  name: 'item',
  from: ['item_sold'],
  dimensions: {
    country: { field: 'country' },
    device: { field: 'device' },
    channel: { field: 'channel' },
    category: { field: 'category' },
  },
};
const lanes: SourceSpec = {
  name: 'lane',
  from: ['item_sold'],
  dimensions: { lane: { field: 'lane' } },
};

const amountOf: Expr = { multiply: [{ field: 'unitPrice' }, { field: 'quantity' }] };
/** An amount from which an item counts as dear, the condition of the conditional count. */
const DEAR = 10_000;

const common = { title: 'Bench', description: 'Bench', unit: 'count', better: 'neutral' } as const;
const sales = { ...common, group: 'items', source } as const;
const query = [
  stored({ ...sales, name: 'items', measure: 'count' }),
  stored({ ...sales, name: 'amount', measure: 'sum', of: amountOf }),
  stored({ ...sales, name: 'least_amount', measure: 'min', of: amountOf }),
  stored({ ...sales, name: 'greatest_amount', measure: 'max', of: amountOf }),
  stored({
    ...sales,
    name: 'dear_items',
    measure: 'count',
    where: { atLeast: [amountOf, DEAR] },
  }),
  stored({ ...sales, name: 'units', measure: 'sum', of: { field: 'quantity' } }),
];

const dimension = (name: string): DimensionSpec => ({
  name,
  title: name,
  description: name,
  domain: { pattern: /^[\w-]{1,40}$/, form: 'letters, digits, `_` and `-`' },
});
const dimensions = [...Object.keys(VALUES), 'lane'].map(dimension);

/** Four single-dimension groupings, each with count, sum, min, max, conditional count and sum of quantity. */
export const benchCatalog: Catalog = defineCatalog({
  metrics: query,
  dimensions,
  events: benchEvents(true),
});

/** The same with the last index of each lane, which tells what of a lane can be seen. */
export const lanesCatalog: Catalog = defineCatalog({
  metrics: [
    ...query,
    stored({
      ...common,
      group: 'lanes',
      source: lanes,
      name: 'last_index',
      measure: 'max',
      of: { field: 'index' },
    }),
  ],
  dimensions,
  events: benchEvents(true),
});
