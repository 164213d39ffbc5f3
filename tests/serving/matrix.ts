import {
  type Catalog,
  catalog,
  defineCatalog,
  type EventOf,
  type Expr,
  type MeasureKind,
  quantileOf,
  type SourceSpec,
  stored,
  type Unit,
} from '@storepulse/contracts';

type Order = EventOf<'order_placed'>;

/** Every unit that each measure can have. */
export const UNITS: Readonly<Record<MeasureKind, readonly Unit[]>> = {
  count: ['count'],
  sum: ['money', 'count', 'milliseconds'],
  min: ['money', 'count', 'ratio', 'milliseconds'],
  max: ['money', 'count', 'ratio', 'milliseconds'],
  distinct: ['count'],
  distribution: ['money', 'count', 'ratio', 'milliseconds'],
  last: ['money', 'count', 'ratio', 'milliseconds'],
};

/** A number of an order in each unit, as it is stored. */
export const NUMBER_OF: Readonly<Record<Unit, (order: Order) => number>> = {
  money: ({ total }) => total,
  count: ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0),
  ratio: ({ discount, subtotal }) => discount / subtotal,
  milliseconds: ({ eventTime }) => (eventTime % 9_973) + 1,
};

/** The same numbers, as the catalogue counts them. */
const COUNTED: Readonly<Record<Unit, Expr>> = {
  money: { field: 'total' },
  count: { sumOf: { each: 'lines', of: { row: 'quantity' } } },
  ratio: { divide: [{ field: 'discount' }, { field: 'subtotal' }] },
  milliseconds: { add: [{ modulo: [{ field: 'eventTime' }, 9_973] }, 1] },
};

const orders: SourceSpec = {
  name: 'order',
  from: ['order_placed'],
  dimensions: { country: { field: 'country' } },
};

const measured = Object.entries(UNITS).flatMap(([measure, units]) =>
  units.map((unit) =>
    stored({
      name: `${measure}_${unit}`,
      title: `${measure} of ${unit}`,
      description: `The ${measure} of orders in ${unit}`,
      group: 'matrix',
      unit,
      better: 'up',
      source: orders,
      measure: measure as MeasureKind,
      of: measure === 'distinct' ? { field: 'visitorId' } : COUNTED[unit],
    }),
  ),
);

/** A stored metric for every measure in every unit, and quantiles of every distribution. */
export const MATRIX: Catalog = defineCatalog({
  metrics: [
    ...measured,
    ...measured
      .filter(({ measure }) => measure === 'distribution')
      .flatMap((metric) => quantileOf(metric, [0.5, 0.58, 0.999])),
  ],
  dimensions: [catalog.dimensions.get('country')!],
});
