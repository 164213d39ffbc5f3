import { type Static, Type } from 'typebox';
import { KEPT_TYPES } from './events/kept.ts';
import { SHOP_PATTERN } from './ids.ts';
import { literals } from './literals.ts';
import { QueryTime } from './query.ts';
import { RESOLUTIONS } from './time.ts';

const LiveId = Type.String({
  description: 'of a line: sent as `after`, the stream goes on behind it',
  maxLength: 1_000,
});

const following = {
  shop: Type.String({ pattern: SHOP_PATTERN }),
  from: Type.Optional(
    Type.Unsafe<QueryTime>({
      ...QueryTime,
      description: 'begins with what is stored from then on; absent: with what happens next',
    }),
  ),
  after: Type.Optional(
    Type.Unsafe<string>({ ...LiveId, description: '`id` of the last line that was read: goes on behind it' }),
  ),
  follow: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'false: the stream ends when all that is stored has been told',
    }),
  ),
};

/** The parameters of `GET /api/v1/live/metrics`. */
export const LiveMetricsQuery = Type.Object(
  {
    ...following,
    metric: Type.Array(Type.String({ maxLength: 80 }), {
      ...{ minItems: 1, maxItems: 20, uniqueItems: true },
      description: 'may be repeated',
    }),
    resolution: Type.Optional(
      literals(RESOLUTIONS, { description: 'length of the windows; 1m when absent' }),
    ),
    dimension: Type.Optional(
      Type.String({ maxLength: 60, description: 'splits by a dimension with a closed list of values' }),
    ),
  },
  { additionalProperties: false },
);
/** The parameters of `GET /api/v1/live/metrics`. */
export type LiveMetricsQuery = Static<typeof LiveMetricsQuery>;

const some = (what: string, which: string, maxLength = 80) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength }), {
      ...{ minItems: 1, maxItems: 20 },
      description: `${what}; may be repeated: ${which} of these`,
    }),
  );
const typesOf = (description: string) =>
  Type.Optional(Type.Array(literals(KEPT_TYPES), { minItems: 1, maxItems: KEPT_TYPES.length, description }));
/** What kept events can be filtered by: what they are, and, with `not` in front, what they are not. */
export const eventFilters = {
  type: typesOf('may be repeated: one of these; all when absent'),
  country: some('country of the event', 'one'),
  device: some('device of the event', 'one'),
  channel: some('channel of the event', 'one'),
  orderId: some('order that the event is of', 'one', 128),
  notType: typesOf('may be repeated: none of these'),
  notCountry: some('country of the event', 'none'),
  notDevice: some('device of the event', 'none'),
  notChannel: some('channel of the event', 'none'),
  notOrderId: some('order that the event is of', 'none', 128),
};

/** The parameters of `GET /api/v1/live/events`. */
export const LiveEventsQuery = Type.Object(
  { ...following, ...eventFilters },
  { additionalProperties: false },
);
/** The parameters of `GET /api/v1/live/events`. */
export type LiveEventsQuery = Static<typeof LiveEventsQuery>;

/** Events of a page when the request does not say how many. */
export const DEFAULT_EVENTS = 100;

/** The parameters of `GET /api/v1/events`. */
export const EventsQuery = Type.Object(
  {
    shop: Type.String({ pattern: SHOP_PATTERN }),
    ...eventFilters,
    from: Type.Optional(Type.Unsafe<QueryTime>({ ...QueryTime, description: 'eventTime from then on' })),
    to: Type.Optional(Type.Unsafe<QueryTime>({ ...QueryTime, description: 'eventTime before then' })),
    sort: Type.Optional(
      literals(['-eventTime', 'eventTime'], { description: 'the latest first when absent' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: DEFAULT_EVENTS })),
    cursor: Type.Optional(Type.String({ maxLength: 1_000, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
);
/** The parameters of `GET /api/v1/events`. */
export type EventsQuery = Static<typeof EventsQuery>;

/** Steps of time that events are counted by, at most. */
export const MOST_STEPS = 500;

/** The parameters of `GET /api/v1/events/counts`. */
export const EventCountsQuery = Type.Object(
  {
    shop: Type.String({ pattern: SHOP_PATTERN }),
    ...eventFilters,
    from: Type.Unsafe<QueryTime>({ ...QueryTime, description: 'eventTime from then on' }),
    to: Type.Unsafe<QueryTime>({ ...QueryTime, description: 'eventTime before then' }),
    steps: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_STEPS, default: 100, description: 'not more than so many' }),
    ),
  },
  { additionalProperties: false },
);
/** The parameters of `GET /api/v1/events/counts`. */
export type EventCountsQuery = Static<typeof EventCountsQuery>;

/** How many events are kept. */
export const EventCounts = Type.Object({
  shop: Type.String(),
  begin: Type.Integer({ description: 'first instant of the first step, epoch ms' }),
  stepMs: Type.Integer({ description: 'length of a step' }),
  counts: Type.Record(Type.String(), Type.Array(Type.Integer()), {
    description: 'type → how many in each step; types without any are missing',
  }),
  completeFrom: Type.Integer({ description: 'from then on all are counted, epoch ms; earlier ones in part' }),
});
/** How many events are kept. */
export type EventCounts = Static<typeof EventCounts>;

/** A kept event as it is told: those fields that all have, and those of its schema. */
export const ToldEvent = Type.Intersect(
  [
    Type.Object({
      type: literals(KEPT_TYPES),
      eventId: Type.String(),
      eventTime: Type.Integer({ description: 'epoch ms' }),
    }),
    Type.Record(Type.String(), Type.Unknown()),
  ],
  {
    description:
      'the fields of its schema; amounts in whole currency units, personal fields for who may see them',
  },
);
/** A kept event as it is told. */
export type ToldEvent = Static<typeof ToldEvent>;

/** A page of kept events. */
export const EventsPage = Type.Object({
  events: Type.Array(ToldEvent),
  next: Type.Union([Type.String(), Type.Null()], {
    description: '`cursor` of the next page; null: there is none',
  }),
  currency: Type.String({ description: 'ISO 4217 code of the amounts' }),
});
/** A page of kept events. */
export type EventsPage = Static<typeof EventsPage>;

/** A window as it is now: each change of it is a line. */
export const WindowLine = Type.Object({
  type: Type.Literal('window'),
  id: LiveId,
  start: Type.Integer({ description: 'first instant, epoch ms; 0 for all' }),
  end: Type.Union([Type.Integer(), Type.Null()], { description: 'instant after the last; null for all' }),
  version: Type.Integer({ description: 'goes up with every change' }),
  final: Type.Boolean({ description: 'only late events change it any more' }),
  values: Type.Record(Type.String(), Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()])), {
    description: 'metric → value of the dimension, or `all` → number, money in whole currency units',
  }),
});
/** A window as it is now. */
export type WindowLine = Static<typeof WindowLine>;

/** An event that has been counted: each is a line once. */
export const EventLine = Type.Object({
  type: Type.Literal('event'),
  id: LiveId,
  event: ToldEvent,
});
/** An event that has been counted. */
export type EventLine = Static<typeof EventLine>;

/** Why a stream ends. A closed list. */
export const END_REASONS = ['slow_reader', 'shutdown', 'history_lost', 'store_unavailable'] as const;
/** Why a stream ends. */
export type EndReason = (typeof END_REASONS)[number];

/** What a stream tells about itself. */
export const StreamLine = Type.Union([
  Type.Object({
    type: Type.Literal('live', { description: 'all that is stored has been told: what follows happens now' }),
    id: LiveId,
  }),
  Type.Object({
    type: Type.Literal('heartbeat', { description: 'nothing has happened up to here' }),
    id: LiveId,
    time: Type.Integer({ description: 'epoch ms' }),
  }),
  Type.Object({
    type: Type.Literal('end', { description: 'the last line: go on with `after`' }),
    reason: literals(END_REASONS),
    detail: Type.String(),
    after: Type.Union([Type.String(), Type.Null()], { description: '`id` of the last line before it' }),
  }),
]);
/** What a stream tells about itself. */
export type StreamLine = Static<typeof StreamLine>;
