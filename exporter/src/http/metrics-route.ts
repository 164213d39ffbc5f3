import type { Catalog } from '@storepulse/contracts';
import { exposition, FORMATS } from '../metrics/exposition.ts';
import { familiesOf } from '../metrics/families.ts';
import { negotiateFormat } from '../metrics/negotiate.ts';
import { scrapeStore } from '../metrics/scrape.ts';
import { sharedRead } from '../metrics/shared-read.ts';
import type { MetricStore } from '../store/store.ts';
import type { App } from './type-provider.ts';

/** `GET /metrics`: the shops' lifetime figures for Prometheus, in text or OpenMetrics as `Accept` prefers. */
export function metricsRoute(
  app: App,
  deps: {
    store: MetricStore;
    catalog: Catalog;
    version: string;
    now: () => number;
    onFailure: (error: unknown) => void;
  },
): void {
  const families = familiesOf(deps.catalog);
  const read = sharedRead(() => scrapeStore(deps.store, families, deps.onFailure, deps.now()));
  app.get(
    '/metrics',
    { schema: { summary: 'Figures for Prometheus', tags: ['operation'], produces: Object.values(FORMATS) } },
    async (request, reply) => {
      const format = negotiateFormat(request.headers.accept);
      const text = await exposition(await read(), format, deps.version);
      return reply.type(FORMATS[format]).send(text);
    },
  );
}
