import { type Static, Type } from 'typebox';
import { RangeTime, RefId } from '../query-parts.ts';
import { StorepulseQuery } from './stored-query.ts';

/** Body of `POST /api/v1/grafana/query`: what Grafana's server hands to the data source's backend, which passes it on. */
export const BackendRequest = Type.Object(
  {
    queries: Type.Array(
      Type.Object(
        {
          refId: RefId,
          query: Type.Unsafe<StorepulseQuery>({
            ...StorepulseQuery,
            description:
              'as dashboards and alert rules store it, of any release; fields of Grafana’s own are passed over',
          }),
          range: Type.Object({ from: RangeTime, to: RangeTime }, { additionalProperties: false }),
          maxDataPoints: Type.Optional(Type.Integer({ minimum: 0, description: '0: as many as by default' })),
          intervalMs: Type.Optional(
            Type.Integer({ minimum: 0, description: 'what `$__interval` stands for; 0: it is not known' }),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
    defaultShop: Type.Optional(Type.String({ maxLength: 60, description: 'of queries that name none' })),
    isAlert: Type.Optional(
      Type.Boolean({
        description:
          'an alert rule asks: buckets that are still filling, and what is compared with, are left out',
      }),
    ),
  },
  { $id: 'BackendRequest', additionalProperties: false },
);
/** Body of `POST /api/v1/grafana/query`. */
export type BackendRequest = Static<typeof BackendRequest>;

const WireField = Type.Object({
  name: Type.String(),
  type: Type.String({ description: 'time, number or string' }),
  typeInfo: Type.Object({ frame: Type.String(), nullable: Type.Boolean() }),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  config: Type.Record(Type.String(), Type.Unknown()),
});

/** A data frame as Grafana's servers and browsers exchange it. */
export const WireFrame = Type.Object({
  schema: Type.Object({
    name: Type.String(),
    refId: Type.String(),
    meta: Type.Record(Type.String(), Type.Unknown()),
    fields: Type.Array(WireField),
  }),
  data: Type.Object({
    values: Type.Array(Type.Array(Type.Union([Type.Number(), Type.String(), Type.Null()]))),
  }),
});
/** A data frame as Grafana's servers and browsers exchange it. */
export type WireFrame = Static<typeof WireFrame>;

/** The answer to one query: frames, or what is wrong. */
export const WireResult = Type.Object({
  status: Type.Integer({ description: 'as of HTTP' }),
  error: Type.Optional(Type.String()),
  errorSource: Type.Optional(Type.Literal('downstream')),
  frames: Type.Array(WireFrame),
});
/** The answer to one query. */
export type WireResult = Static<typeof WireResult>;

/** Answer of `POST /api/v1/grafana/query`, by `refId`, in the form in which Grafana's servers exchange it. */
export const BackendResponse = Type.Object(
  { results: Type.Record(Type.String(), WireResult) },
  { $id: 'BackendResponse' },
);
/** Answer of `POST /api/v1/grafana/query`. */
export type BackendResponse = Static<typeof BackendResponse>;
