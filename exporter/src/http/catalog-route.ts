import { type Catalog, CatalogResponse, RESOLUTIONS } from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import type { MetricStore } from '../store/store.ts';
import { countedSinceOf, type DescribedCatalog } from './describe-catalog.ts';
import { entityTag, isKnownTag, NotModified } from './entity-tag.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

/** `GET /api/v1/catalog`: metrics, dimensions and shops. */
export function catalogRoute(
  app: App,
  deps: { store: MetricStore; catalog: Catalog; described: DescribedCatalog },
): void {
  const { store, catalog, described } = deps;
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
      const [known, since] = await Promise.all([store.shops(), store.countedSince()]);
      const shops = shopsFor(caller, known).map(({ shop, name, currency, scale, timeZone, weekStart }) => ({
        shop,
        name,
        currency,
        scale,
        timeZone,
        weekStart,
      }));
      const tag = entityTag(described.version, JSON.stringify([shops, [...since]]));
      reply.header('etag', tag).header('cache-control', 'private, no-cache');
      if (isKnownTag(headers['if-none-match'], tag)) return reply.code(304).send(undefined);
      const metrics = described.metrics.map((metric) => {
        const begins = countedSinceOf(catalog, metric.name, since);
        return begins ? { ...metric, countedSince: begins } : metric;
      });
      return { ...described, metrics, resolutions: [...RESOLUTIONS], takesHeld: true, shops };
    },
  );
}
