import { type Static, type TString, Type } from 'typebox';
import { CohortQuery } from './cohort-query.ts';
import { COMPARISONS } from './comparisons.ts';
import { FunnelQuery } from './funnel-query.ts';
import { HeldMark, MOST_MARKS } from './held-mark.ts';
import { INTERVALS } from './intervals.ts';
import { literals } from './literals.ts';
import { AskedShop, QueryFilter, RefId, TimeRange } from './query-parts.ts';

export * from './cohort-dimensions.ts';
export * from './cohort-query.ts';
export { COMPARISONS, type Comparison } from './comparisons.ts';
export * from './funnel-query.ts';
export { HeldMark, MOST_MARKS } from './held-mark.ts';
export { INTERVALS, type Interval } from './intervals.ts';
export { LATEST_TIME, QueryFilter, QueryTime, RangeTime } from './query-parts.ts';
export * from './visit-steps.ts';

const MaxDataPoints = Type.Integer({ minimum: 1, maximum: 11_000 });

/** One of a text, or some that differ. */
const oneOrSome = (one: TString, maxItems: number, description: string) =>
  Type.Union([one, Type.Array(one, { minItems: 1, maxItems, uniqueItems: true })], { description });

/** One metric of one shop, over the request's range unless it has its own. */
export const MetricQuery = Type.Object(
  {
    refId: RefId,
    shop: AskedShop,
    type: Type.Optional(Type.Literal('metric', { description: 'what is asked when no other type is named' })),
    metric: Type.String({ maxLength: 80 }),
    groupBy: Type.Optional(
      oneOrSome(
        Type.String({ maxLength: 60 }),
        3,
        'a dimension, or several: weekday and hour_of_day go together, and with one of the others; with any others where the exporter reads the lake',
      ),
    ),
    filters: Type.Optional(Type.Array(QueryFilter, { maxItems: 10 })),
    interval: Type.Optional(literals(INTERVALS)),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: 'top N by value, the rest as other' }),
    ),
    order: Type.Optional(
      literals(['greatest', 'least', 'name'], {
        description:
          'which groups the limit keeps and in which order: greatest first (default), least first, or the greatest by name',
      }),
    ),
    cumulative: Type.Optional(
      Type.Boolean({ description: 'each bucket of a time series holds all from the first one up to it' }),
    ),
    share: Type.Optional(
      Type.Boolean({ description: 'adds the share of each group in the total of all groups' }),
    ),
    compareTo: Type.Optional(
      literals(COMPARISONS, {
        description:
          'adds the same figures of an earlier time, the difference, and the difference as a share of the earlier ones',
      }),
    ),
    quantile: Type.Optional(
      Type.Number({
        ...{ minimum: 0, maximum: 1 },
        description:
          'of a distribution: the value below which this share of its values lies; the median when absent',
      }),
    ),
    currency: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{3}$',
        description:
          'converts money to this currency (ISO 4217), all of it by one rate that the shop has told with `exchange_rate_posted`; ' +
          'absent: the shop’s own',
      }),
    ),
    rateDay: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
        description:
          'the day whose rate converts, such as `2026-01-31`; absent: the last day of the range, or today when that is earlier',
      }),
    ),
    format: Type.Optional(
      literals(['time_series', 'table', 'heatmap'], {
        description:
          'time_series (default): a number for each bucket; table: a row for each group over the whole range; heatmap: of a ' +
          'distribution, how many values each bucket has in each range of values',
      }),
    ),
    range: Type.Optional(TimeRange),
    maxDataPoints: Type.Optional(MaxDataPoints),
    held: Type.Optional(
      Type.Array(HeldMark, {
        maxItems: MOST_MARKS,
        description:
          'what is held of an earlier answer to the same query, as `meta.held` told it; an empty list: nothing yet. The buckets ' +
          'that are held and have not changed are left out of the answer',
      }),
    ),
  },
  { additionalProperties: false },
);
/** One metric of one shop, over the request's range unless it has its own. */
export type MetricQuery = Static<typeof MetricQuery>;

/** A query as it is asked: of one or several metrics, in one or several shops. */
export const AskedQuery = Type.Object(
  {
    ...MetricQuery.properties,
    shop: oneOrSome(
      MetricQuery.properties.shop,
      20,
      'a shop, or several: each is answered by frames of its own, and nothing is added up over shops',
    ),
    metric: oneOrSome(MetricQuery.properties.metric, 20, 'a metric, or several: each has frames of its own'),
    groupsOf: Type.Optional(
      literals(['each', 'first'], {
        description:
          'of several metrics with `groupBy`: `each` (default) has its own greatest groups; `first`: all have those of the first one, so that rows can be put side by side',
      }),
    ),
  },
  { additionalProperties: false },
);
/** A query as it is asked: of one or several metrics, in one or several shops. */
export type AskedQuery = Static<typeof AskedQuery>;

/** Kinds of query: each has a schema of its own. */
export const QUERY_TYPES = ['metric', 'funnel', 'cohort'] as const;

/** Any query of a request: `type` tells which. */
export const AnyQuery = Type.Union([AskedQuery, FunnelQuery, CohortQuery]);
/** Any query of a request: `type` tells which. */
export type AnyQuery = Static<typeof AnyQuery>;

/** Body of `POST /api/v1/query`. */
export const QueryRequest = Type.Object(
  {
    range: TimeRange,
    queries: Type.Array(AnyQuery, { minItems: 1, maxItems: 50 }),
    maxDataPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: 11_000, default: 1_000 })),
  },
  { $id: 'QueryRequest', additionalProperties: false },
);
/** Body of `POST /api/v1/query`. */
export type QueryRequest = Static<typeof QueryRequest>;

/** One column of an answer, in the shape of a Grafana field. */
export const FrameField = Type.Object({
  name: Type.String(),
  type: literals(['time', 'number', 'string']),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  config: Type.Object({
    displayName: Type.Optional(Type.String()),
    unit: Type.Optional(Type.String({ description: 'a Grafana unit id' })),
    decimals: Type.Optional(Type.Integer()),
    description: Type.Optional(Type.String()),
  }),
  values: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Null()])),
  names: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'what values are called, by value: names of products; those without one are missing',
    }),
  ),
});
/** One column of an answer. */
export type FrameField = Static<typeof FrameField>;

/** A table of columns of equal length, in the shape of a Grafana data frame. */
export const Frame = Type.Object({
  name: Type.String(),
  refId: Type.String(),
  fields: Type.Array(FrameField),
  meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
/** A table of columns of equal length. */
export type Frame = Static<typeof Frame>;

/** A remark about an answer. */
export const Notice = Type.Object({ severity: literals(['info', 'warning', 'error']), text: Type.String() });
/** A remark about an answer. */
export type Notice = Static<typeof Notice>;

/** How the money of a shop was converted. */
export const Conversion = Type.Object({
  shop: Type.String(),
  from: Type.String({ description: 'the shop’s currency, ISO 4217' }),
  to: Type.String(),
  rate: Type.String({ description: 'what one unit of `from` is worth in `to`, as it was told' }),
  day: Type.String({ description: 'the day that the rate is for' }),
  source: Type.String({ description: 'who says so' }),
});
/** How the money of a shop was converted. */
export type Conversion = Static<typeof Conversion>;

/** How far the log beyond the lake is in an answer, the best first. A closed list. */
export const TAIL_STATES = ['current', 'behind', 'full', 'starting', 'off', 'failed'] as const;
/** One of them. */
export type TailState = (typeof TAIL_STATES)[number];

/** The answer to one query. */
export const QueryResult = Type.Object({
  frames: Type.Array(Frame),
  meta: Type.Object({
    resolution: Type.String({
      description: 'of the windows that were read; `facts`, `visits` or `lake` where those were read instead',
    }),
    interval: Type.String({ description: 'of the buckets in the answer' }),
    timeZone: Type.Optional(
      Type.String({
        description: 'IANA zone that the days, weeks and months of the answer are in: the shop’s',
      }),
    ),
    conversions: Type.Optional(
      Type.Array(Conversion, {
        description: 'how money was converted, where another currency was asked for',
      }),
    ),
    documents: Type.Integer({ description: 'windows, facts or visits that were read' }),
    readMs: Type.Optional(Type.Number({ description: 'time that reading them took' })),
    readAt: Type.Optional(
      Type.Integer({
        description: 'when they were read, epoch ms: facts may have been read for an earlier query',
      }),
    ),
    source: Type.Optional(
      literals(['lake', 'both'], {
        description:
          'absent: stored windows, facts or visits; `lake`: rows of the lake, which any dimensions split together; `both`: of several metrics or shops some the one, some the other',
      }),
    ),
    lake: Type.Optional(
      Type.Object(
        {
          until: Type.Integer({
            description:
              'everything before it (event time, epoch ms) is in the answer, but for late events; 0: not known yet',
          }),
          seamAt: Type.Union([Type.Integer(), Type.Null()], {
            description:
              'what was appended to the log before it (epoch ms) is in the answer; null: not known',
          }),
          tail: Type.Optional(
            Type.Object(
              {
                state: literals(TAIL_STATES, {
                  description:
                    '`current`: all that the log had is in the answer; `behind`: the log is being read; `full`: as much of the log as the exporter may hold, which goes on when the lake does; `starting`: reading the log begins; `off`: nobody has asked for a while; `failed`: the log can’t be read. With the last three the answer ends where the lake does',
                }),
                lakeSeamAt: Type.Union([Type.Integer(), Type.Null()], {
                  description:
                    'what was appended before it (epoch ms) is from the lake, the rest up to `seamAt` from Kafka; null: not known',
                }),
              },
              { description: 'present where the exporter reads Kafka beyond the lake' },
            ),
          ),
        },
        { description: 'how far an answer from the lake reaches' },
      ),
    ),
    held: Type.Optional(
      Type.Array(HeldMark, {
        description:
          'of a query that told `held`: what can be kept of this answer, from its first bucket on; absent: nothing',
      }),
    ),
    answeredFrom: Type.Optional(
      Type.Integer({
        description:
          'of a query that told `held`: the buckets that begin before it (epoch ms) are held, have not changed, and are left out',
      }),
    ),
    freshness: Type.Union([
      Type.Object({
        lastEventTime: Type.Union([Type.Integer(), Type.Null()]),
        watermark: Type.Union([Type.Integer(), Type.Null()]),
      }),
      Type.Null(),
    ]),
    notices: Type.Array(Notice),
  }),
  error: Type.Optional(Type.Object({ code: Type.String(), title: Type.String(), detail: Type.String() })),
});
/** The answer to one query. */
export type QueryResult = Static<typeof QueryResult>;

/** Answer of `POST /api/v1/query`, by `refId`. */
export const QueryResponse = Type.Object(
  {
    results: Type.Record(Type.String(), QueryResult),
    catalogVersion: Type.Optional(
      Type.String({
        description: '`version` of the catalogue that answered: another one than before is to be read anew',
      }),
    ),
  },
  { $id: 'QueryResponse' },
);
/** Answer of `POST /api/v1/query`. */
export type QueryResponse = Static<typeof QueryResponse>;
