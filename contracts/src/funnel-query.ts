import { type Static, Type } from 'typebox';
import { literals } from './literals.ts';
import { AskedShop, QueryFilter, RefId, TimeRange } from './query-parts.ts';
import { VISIT_DIMENSIONS, VISIT_STEPS } from './visit-steps.ts';

/** How far visits got: those that began in the range. */
export const FunnelQuery = Type.Object(
  {
    refId: RefId,
    shop: AskedShop,
    type: Type.Literal('funnel'),
    steps: Type.Array(literals(VISIT_STEPS), {
      minItems: 2,
      maxItems: VISIT_STEPS.length,
      uniqueItems: true,
      description:
        'in their order: `visited` (the begin of a visit), `searched`, `viewed` (a product), `carted`, `checkout` (started), ' +
        '`ordered`. Payments, steps of the checkout and single products are not stored with a visit',
    }),
    open: Type.Optional(
      Type.Boolean({
        description:
          'false (default): a visit reaches a step at its first moment that is not before that of the step in front; true: each ' +
          'step counts by itself, whatever came before',
      }),
    ),
    groupBy: Type.Optional(literals(VISIT_DIMENSIONS, { description: 'one funnel for each value' })),
    filters: Type.Optional(
      Type.Array(QueryFilter, {
        maxItems: 10,
        description: 'by `country`, `device` and `channel` of the visit, also by several of them',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'groups with the most visits, the rest as other; 10 when absent',
      }),
    ),
    range: Type.Optional(TimeRange),
  },
  { additionalProperties: false },
);
/** How far visits got: those that began in the range. */
export type FunnelQuery = Static<typeof FunnelQuery>;
