import { createHash } from 'node:crypto';
import { type Catalog, RESOLUTIONS } from '@storepulse/contracts';
import { Type } from 'typebox';
import type { MetricStore } from '../store/store.ts';
import { Problem } from './problems.ts';
import type { App } from './type-provider.ts';

const Described = { name: Type.String(), title: Type.String(), description: Type.String() };

/** Answer of `GET /api/v1/catalog`. */
export const CatalogResponse = Type.Object({
  version: Type.String({ description: 'changes with the metrics and dimensions' }),
  metrics: Type.Array(
    Type.Object({
      ...Described,
      unit: Type.String({ description: 'money, count, ratio or milliseconds' }),
      kind: Type.String({ description: 'stored, derived, ratio, quantile or fact' }),
      better: Type.String({ description: 'up, down or neutral' }),
      dimensions: Type.Array(Type.String(), { description: 'what it can be split by' }),
      expression: Type.Optional(Type.String({ description: 'how it is computed from stored metrics' })),
    }),
  ),
  dimensions: Type.Array(Type.Object(Described)),
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
export function catalogRoute(app: App, deps: { store: MetricStore; catalog: Catalog }): void {
  const { catalog } = deps;
  const metrics = [...catalog.metrics.values()].map((metric) => {
    const { name, title, description, unit, kind, better } = metric;
    const expression = catalog.formulaOf(metric);
    const dimensions = [...catalog.dimensionsOf(metric)];
    const described = { name, title, description, unit, kind, better, dimensions };
    return expression === undefined ? described : { ...described, expression };
  });
  const dimensions = [...catalog.dimensions.values()].map(({ name, title, description }) => ({
    name,
    title,
    description,
  }));

  const version = createHash('sha256')
    .update(JSON.stringify([metrics, dimensions]))
    .digest('hex')
    .slice(0, 12);

  app.get(
    '/api/v1/catalog',
    {
      schema: {
        summary: 'List metrics, dimensions and shops',
        tags: ['query'],
        response: { 200: CatalogResponse, default: Problem },
      },
    },
    async () => {
      const shops = (await deps.store.shops()).map(
        ({ shop, name, currency, scale, timeZone, weekStart }) => ({
          shop,
          name,
          currency,
          scale,
          timeZone,
          weekStart,
        }),
      );
      return { version, metrics, dimensions, resolutions: [...RESOLUTIONS], shops };
    },
  );
}
