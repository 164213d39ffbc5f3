import { type Static, Type } from 'typebox';
import { AskedShop, QueryFilter, RefId, TimeRange } from './query-parts.ts';

/** Which customers came back: those who ordered first in the months that overlap the range. */
export const CohortQuery = Type.Object(
  {
    refId: RefId,
    shop: AskedShop,
    type: Type.Literal('cohort'),
    months: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 120,
        description: 'columns after that of the first month; 12 when absent',
      }),
    ),
    filters: Type.Optional(
      Type.Array(QueryFilter, {
        maxItems: 10,
        description:
          'by `country`, `device`, `channel` and `payment_method` of the first order, also by several of them',
      }),
    ),
    range: Type.Optional(TimeRange),
  },
  { additionalProperties: false },
);
/** Which customers came back: those who ordered first in the months that overlap the range. */
export type CohortQuery = Static<typeof CohortQuery>;
