import { type Static, Type } from 'typebox';
import { SHOP_PATTERN } from '../ids.ts';
import { QueryTime } from '../query-parts.ts';

/** Annotations that are listed when the request does not say how many. */
export const DEFAULT_ANNOTATIONS = 100;
const Tag = Type.String({ minLength: 1, maxLength: 40 });

/** The parameters of `GET /api/v1/annotations`. */
export const AnnotationsQuery = Type.Object({
  shop: Type.String({ pattern: SHOP_PATTERN }),
  from: Type.Optional(QueryTime),
  to: Type.Optional(QueryTime),
  tags: Type.Optional(
    Type.Array(Tag, { maxItems: 10, description: 'those that have all of them; may be repeated' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      ...{ minimum: 1, maximum: 1_000, default: DEFAULT_ANNOTATIONS },
      description: 'of more than that, those that began last',
    }),
  ),
});
/** The parameters of `GET /api/v1/annotations`. */
export type AnnotationsQuery = Static<typeof AnnotationsQuery>;

/** What people should see beside their charts. */
const AnnotationAnswer = Type.Object({
  id: Type.String(),
  start: Type.Integer({ description: 'epoch ms' }),
  end: Type.Union([Type.Integer(), Type.Null()], {
    description: 'epoch ms; `start` for what takes no time, null while it goes on',
  }),
  title: Type.String(),
  text: Type.String(),
  tags: Type.Array(Type.String()),
});

/** Answer of `GET /api/v1/annotations`, in the order of time. */
export const AnnotationsResponse = Type.Object({
  annotations: Type.Array(AnnotationAnswer),
  truncated: Type.Boolean({ description: 'true when the limit left earlier ones out' }),
});
/** Answer of `GET /api/v1/annotations`. */
export type AnnotationsResponse = Static<typeof AnnotationsResponse>;
