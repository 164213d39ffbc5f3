import {
  type Catalog,
  catalog,
  defineCatalog,
  type EventOf,
  type MeasureKind,
  type MeasureValue,
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

/** What an order adds to a measure in a unit. */
function addedBy(measure: MeasureKind, unit: Unit, order: Order): MeasureValue {
  if (measure === 'distinct') return order.visitorId;
  const value = NUMBER_OF[unit](order);
  return measure === 'last' ? { time: order.eventTime, id: order.eventId, value } : value;
}

const orders: SourceSpec<Order, Order> = {
  name: 'order',
  from: ['order_placed'],
  dimensions: { country: ({ country }) => country },
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
      of: (order) => addedBy(measure as MeasureKind, unit, order),
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
