import { CatalogResponse, RESOLUTIONS } from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import type { MetricStore } from '../store/store.ts';
import type { DescribedCatalog } from './describe-catalog.ts';
import { entityTag, isKnownTag, NotModified } from './entity-tag.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

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
