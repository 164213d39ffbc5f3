import { type Static, Type } from 'typebox';
import { SHOP_PATTERN } from '../ids.ts';
import { RangeTime } from '../query-parts.ts';

/** Values of a dimension that are listed when the request does not say how many. */
export const DEFAULT_VALUES = 1_000;

/** The parameters of `GET /api/v1/dimensions/:name/values`. */
export const DimensionValuesQuery = Type.Object({
  shop: Type.String({ pattern: SHOP_PATTERN }),
  prefix: Type.Optional(Type.String({ maxLength: 128, description: 'case does not matter' })),
  contains: Type.Optional(
    Type.String({
      maxLength: 128,
      description: 'text anywhere in a value; case does not matter, values that begin with it come first',
    }),
  ),
  from: Type.Optional(
    Type.Integer({
      ...RangeTime,
      description: 'epoch ms, with `to`: values from this range alone',
    }),
  ),
  to: Type.Optional(RangeTime),
  filters: Type.Optional(
    Type.String({
      maxLength: 20_000,
      description: 'filters of a query, as JSON: those on this dimension narrow the values',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: DEFAULT_VALUES })),
});
/** The parameters of `GET /api/v1/dimensions/:name/values`. */
export type DimensionValuesQuery = Static<typeof DimensionValuesQuery>;

/** Answer of `GET /api/v1/dimensions/:name/values`. */
export const DimensionValuesResponse = Type.Object({
  values: Type.Array(Type.String()),
  names: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'what values are called, by value: names of products',
    }),
  ),
  total: Type.Integer({
    description: 'how many there are; more than are listed when the limit cut them',
  }),
  complete: Type.Boolean({
    description: 'false while windows are counted and not merged yet: they may have more values',
  }),
  ignoredFilters: Type.Array(Type.String(), {
    description:
      'dimensions of filters that can’t narrow these values: figures are kept by one dimension at a time',
  }),
});
/** Answer of `GET /api/v1/dimensions/:name/values`. */
export type DimensionValuesResponse = Static<typeof DimensionValuesResponse>;
