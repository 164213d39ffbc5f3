import { freshnessByShop } from '../query/freshness.ts';
import type { MetricStore } from '../store/store.ts';
import { landingPage } from './landing-page.ts';
import type { App } from './type-provider.ts';

/** `GET /`: the landing page, also while the store is away. */
export function landingRoute(app: App, { store, version }: { store: MetricStore; version: string }): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => {
    const read = await Promise.all([store.shops(), store.progress()]).catch(() => undefined);
    const page = landingPage({
      version,
      shops: read?.[0],
      freshness: freshnessByShop(read?.[1] ?? []),
    });
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page);
  });
}
