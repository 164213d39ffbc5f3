import { type Static, Type } from 'typebox';
import { literals } from '../literals.ts';

/** How the figures of a metric come about. */
const METRIC_KINDS = ['stored', 'derived', 'ratio', 'quantile', 'fact'] as const;
const DIRECTIONS = ['up', 'down', 'neutral'] as const;

const Described = {
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  synonyms: Type.Array(Type.String(), { description: 'other words that people search it by' }),
};

/** Answer of `GET /api/v1/catalog`. */
export const CatalogResponse = Type.Object({
  version: Type.String({ description: 'changes with the metrics and dimensions' }),
  metrics: Type.Array(
    Type.Object({
      ...Described,
      unit: Type.String({ description: 'money, count, ratio or milliseconds' }),
      kind: literals(METRIC_KINDS),
      better: literals(DIRECTIONS, { description: 'which way is good' }),
      area: Type.Optional(Type.String({ description: 'what it is about: the heading of a picker' })),
      measure: Type.Optional(
        Type.String({ description: 'of stored metrics: `distribution` for those that have heat maps' }),
      ),
      dimensions: Type.Array(Type.String(), { description: 'what it can be split by' }),
      together: Type.Optional(
        Type.Array(Type.String(), {
          description:
            'what it can be split and filtered by in any combination: absent where the exporter reads no lake, or the lake does not tell it',
        }),
      ),
      expression: Type.Optional(
        Type.String({ description: 'what it counts, or how it is computed from stored metrics' }),
      ),
      countedSince: Type.Optional(
        Type.Record(Type.String(), Type.Integer(), {
          description:
            'epoch ms by dimension, and as `total`: from when on it is counted, where that is later than the log’s beginning; a dimension that was added has a begin of its own',
        }),
      ),
    }),
  ),
  dimensions: Type.Array(
    Type.Object({
      ...Described,
      ofTime: Type.Boolean({
        description: 'told by the time of a window: it goes together with any other dimension',
      }),
    }),
  ),
  resolutions: Type.Array(Type.String()),
  takesHeld: Type.Boolean({ description: 'queries may tell what of an earlier answer is held' }),
  shops: Type.Array(
    Type.Object({
      shop: Type.String(),
      name: Type.String(),
      currency: Type.String({ description: 'ISO 4217' }),
      scale: Type.Integer({ description: 'decimals that amounts are stored with' }),
      timeZone: Type.String({ description: 'IANA zone of its days' }),
      weekStart: Type.String(),
    }),
  ),
});
/** Answer of `GET /api/v1/catalog`. */
export type CatalogResponse = Static<typeof CatalogResponse>;
