import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Catalog } from '@storepulse/contracts';
import type { Registry } from 'prom-client';
import { readExemplars } from '../metrics/exemplars.ts';
import { exposition, FORMATS, type Format } from '../metrics/exposition.ts';
import { familiesOf } from '../metrics/families.ts';
import { acceptsGzip, negotiateFormat } from '../metrics/negotiate.ts';
import { scrapeStore } from '../metrics/scrape.ts';
import { scrapeSeenBy } from '../metrics/seen-by.ts';
import { sharedRead } from '../metrics/shared-read.ts';
import type { MetricStore } from '../store/store.ts';
import type { App } from './type-provider.ts';

const compressed = promisify(gzip);

/**
 * `GET /metrics`: the shops' lifetime figures and the process's own for Prometheus, in text or OpenMetrics as `Accept`
 * prefers; OpenMetrics names an order beside the counters of orders and payments (exemplars). Who is bound to some shops gets the figures of these alone. Scrapes at the same time share one reading, one text and one compression.
 */
export function metricsRoute(
  app: App,
  deps: {
    store: MetricStore;
    catalog: Catalog;
    version: string;
    now: () => number;
    onFailure: (error: unknown) => void;
    /** What the process measures about itself. */
    registry: Registry;
  },
): void {
  const families = familiesOf(deps.catalog);
  const read = sharedRead(() => scrapeStore(deps.store, families, deps.onFailure, deps.now()));
  const exemplars = sharedRead(() => readExemplars(deps.store, families, deps.catalog));
  /** Figures without exemplars are worth more than none. */
  const exemplarsFor = async (format: Format) => {
    if (format === 'text') return undefined;
    return exemplars().catch((error: unknown) => {
      deps.onFailure(error);
      return undefined;
    });
  };
  const written = (format: Format) =>
    sharedRead(async () => {
      const scrape = await read();
      const told = scrape.storeUp ? await exemplarsFor(format) : undefined;
      return Buffer.from(await exposition(scrape, format, deps.version, deps.registry, told));
    });
  const texts = { text: written('text'), openMetrics: written('openMetrics') };
  const small = {
    text: sharedRead(async () => compressed(await texts.text())),
    openMetrics: sharedRead(async () => compressed(await texts.openMetrics())),
  };
  app.get(
    '/metrics',
    {
      compress: false,
      config: { access: 'read' },
      schema: { summary: 'Figures for Prometheus', tags: ['operation'], produces: Object.values(FORMATS) },
    },
    async ({ headers, caller }, reply) => {
      const format = negotiateFormat(headers.accept);
      reply.type(FORMATS[format]).header('vary', 'accept, accept-encoding');
      if (caller.shops !== 'all') {
        const seen = scrapeSeenBy(caller, await read());
        return reply.send(
          await exposition(seen, format, deps.version, undefined, await exemplarsFor(format)),
        );
      }
      if (!acceptsGzip(headers['accept-encoding'])) return reply.send(await texts[format]());
      return reply.header('content-encoding', 'gzip').send(await small[format]());
    },
  );
}
