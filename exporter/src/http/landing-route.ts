import { hasScope, shopsFor } from '@storepulse/http';
import { freshnessByShop } from '../query/freshness.ts';
import type { MetricStore } from '../store/store.ts';
import { landingPage } from './landing-page.ts';
import type { App } from './type-provider.ts';

/** `GET /`: the landing page, also while the store is away. Shops are shown to those who may see them. */
export function landingRoute(app: App, { store, version }: { store: MetricStore; version: string }): void {
  app.get('/', { config: { access: 'open' }, schema: { hide: true } }, async ({ caller }, reply) => {
    const maySee = hasScope(caller, 'read');
    const read = maySee
      ? await Promise.all([store.shops(), store.progress()]).catch(() => undefined)
      : undefined;
    const page = landingPage({
      version,
      shops: read && shopsFor(caller, read[0]),
      maySee,
      freshness: freshnessByShop(read?.[1] ?? []),
    });
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page);
  });
}
