import { type Static, Type } from 'typebox';
import { literals } from '../literals.ts';
import { AskedShop, QueryFilter, TimeRange } from '../query-parts.ts';

/** Events or visits of a page when the request does not say how many. */
export const DEFAULT_FACTS = 100;

/** Body of `POST /api/v1/query/facts`. */
export const FactsRequest = Type.Object(
  {
    shop: AskedShop,
    metric: Type.String({ maxLength: 80, description: 'the metric of the figure' }),
    part: Type.Optional(
      Type.String({
        maxLength: 80,
        description:
          'of a metric that is computed from several stored ones: which of them; absent: the first',
      }),
    ),
    filters: Type.Optional(
      Type.Array(QueryFilter, {
        maxItems: 13,
        description: 'the filters of the query, and one with `=` for each value of the group',
      }),
    ),
    range: TimeRange,
    limit: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 500, default: DEFAULT_FACTS },
        description: 'events or visits of a page; an event with several lines that count has a fact for each',
      }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 400, description: '`next` of the page before' })),
  },
  { $id: 'FactsRequest', additionalProperties: false },
);
/** Body of `POST /api/v1/query/facts`. */
export type FactsRequest = Static<typeof FactsRequest>;

/** One row that a figure is made of. */
export const Fact = Type.Object({
  time: Type.Integer({ description: 'event time, or when the visit began, epoch ms' }),
  type: Type.String({ description: 'of the event, or `visit`' }),
  eventId: Type.Union([Type.String(), Type.Null()]),
  id: Type.Union([Type.String(), Type.Null()], {
    description:
      'what it counts once by: the id of the order, refund or payment, else the event’s; null of a visit',
  }),
  orderId: Type.Union([Type.String(), Type.Null()], { description: 'the order that it is about' }),
  adds: Type.Union([Type.Number(), Type.Null()], {
    description:
      'what it adds to the figure, in stored units (money as integers); null where ids are counted once each',
  }),
  dimensions: Type.Record(Type.String(), Type.String(), { description: 'all that it tells, by dimension' }),
});
/** One row that a figure is made of. */
export type Fact = Static<typeof Fact>;

/** Answer of `POST /api/v1/query/facts`. */
export const FactsResponse = Type.Object(
  {
    part: Type.String({ description: 'the stored metric that these rows are counted in' }),
    parts: Type.Array(Type.String(), { description: 'all that the metric is computed from' }),
    measure: literals(['count', 'sum', 'min', 'max', 'distinct', 'distribution'], {
      description: 'how rows make the figure: of `count` and `sum`, all `adds` together are it',
    }),
    total: Type.Object({
      facts: Type.Integer({ description: 'rows on all pages' }),
      value: Type.Union([Type.Number(), Type.Null()], {
        description: 'the figure that they make, in stored units; null of a distribution, and of none',
      }),
    }),
    facts: Type.Array(Fact, { description: 'the latest last' }),
    next: Type.Union([Type.String(), Type.Null()], { description: '`cursor` of the next page' }),
    scale: Type.Integer({ description: 'money in stored units is its amount × 10^scale' }),
    currency: Type.String(),
    until: Type.Integer({
      description: 'everything before it (epoch ms) is in the rows, but for late events',
    }),
  },
  { $id: 'FactsResponse' },
);
/** Answer of `POST /api/v1/query/facts`. */
export type FactsResponse = Static<typeof FactsResponse>;
