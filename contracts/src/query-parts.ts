import { type Static, Type } from 'typebox';
import { SHOP_PATTERN } from './ids.ts';
import { literals } from './literals.ts';

/** Keeps rows by the value of a dimension. */
export const QueryFilter = Type.Object(
  {
    dimension: Type.String({ maxLength: 60 }),
    operator: literals(['in', 'not_in', '=', '!=', '=~', '!~', 'exists'], {
      description:
        '`in` and `not_in` take some values; `=` and `!=` one; `=~` and `!~` one pattern (RE2) that matches the whole value; ' +
        '`exists` none: it keeps what the event tells, all but `unknown`',
    }),
    values: Type.Array(Type.String({ maxLength: 128 }), { maxItems: 500 }),
  },
  { additionalProperties: false },
);
/** Keeps rows by the value of a dimension. */
export type QueryFilter = Static<typeof QueryFilter>;

/** The end of the year 9999, epoch ms: calendars go no further. */
export const LATEST_TIME = 253_402_300_800_000;

/** An instant of a range, epoch ms. */
export const RangeTime = Type.Integer({ minimum: 0, maximum: LATEST_TIME });

/** An instant of a query's range: epoch ms or a text. */
export const QueryTime = Type.Union([
  RangeTime,
  // No number written as a text: those are told from dates here, all else where the forms are explained.
  Type.String({ maxLength: 40, pattern: '^([^-+\\d]|\\d{4}-)' }),
]);
/** An instant of a query's range: epoch ms or a text. */
export type QueryTime = Static<typeof QueryTime>;

/** The time of a query. */
export const TimeRange = Type.Object(
  { from: QueryTime, to: QueryTime },
  {
    additionalProperties: false,
    description:
      'from inclusive, to exclusive: epoch ms until the end of the year 9999; a date such as `2026-01-31` or ' +
      '`2026-01-31T12:00:00Z`, the shop’s without a zone; or `now`, `now-7d`, `now-1d/d` with the units s, m, h, d, w, M, y, ' +
      'of which days and longer ones are the shop’s',
  },
);

/** Names an answer among those of a request. */
export const RefId = Type.String({ minLength: 1, maxLength: 40 });

/** A shop that is asked about. */
export const AskedShop = Type.String({ pattern: SHOP_PATTERN });
