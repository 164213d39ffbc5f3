import { RESOLUTIONS } from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import { Type } from 'typebox';
import type { MetricStore } from '../store/store.ts';
import type { DescribedCatalog } from './describe-catalog.ts';
import { entityTag, isKnownTag, NotModified } from './entity-tag.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

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
      kind: Type.String({ description: 'stored, derived, ratio, quantile or fact' }),
      better: Type.String({ description: 'up, down or neutral' }),
      area: Type.Optional(Type.String({ description: 'what it is about: the heading of a picker' })),
      measure: Type.Optional(
        Type.String({ description: 'of stored metrics: `distribution` for those that have heat maps' }),
      ),
      dimensions: Type.Array(Type.String(), { description: 'what it can be split by' }),
      expression: Type.Optional(Type.String({ description: 'how it is computed from stored metrics' })),
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

/** `GET /api/v1/catalog`: metrics, dimensions and shops. */
export function catalogRoute(app: App, deps: { store: MetricStore; catalog: DescribedCatalog }): void {
  app.get(
    '/api/v1/catalog',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List metrics, dimensions and shops',
        tags: ['query'],
        description: 'Whoever sends its `ETag` as `If-None-Match` gets 304 while nothing has changed.',
        response: { 200: CatalogResponse, 304: NotModified, default: Problem },
      },
    },
    async ({ caller, headers }, reply) => {
      const shops = shopsFor(caller, await deps.store.shops()).map(
        ({ shop, name, currency, scale, timeZone, weekStart }) => ({
          shop,
          name,
          currency,
          scale,
          timeZone,
          weekStart,
        }),
      );
      const tag = entityTag(deps.catalog.version, JSON.stringify(shops));
      reply.header('etag', tag).header('cache-control', 'private, no-cache');
      if (isKnownTag(headers['if-none-match'], tag)) return reply.code(304).send(undefined);
      return { ...deps.catalog, resolutions: [...RESOLUTIONS], shops };
    },
  );
}
