import { Counter, Gauge, Registry } from 'prom-client';
import type { Sample } from './samples.ts';
import type { Scrape } from './scrape.ts';

/** The two text formats that Prometheus reads. */
export const FORMATS = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
/** One of the two text formats. */
export type Format = keyof typeof FORMATS;

interface Exposed {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

/**
 * Writes a scrape in a text format. The registry lives for this one text: what is gone from the store is gone from
 * the next scrape, and the client can't mix the names of the two formats.
 */
export async function exposition(scrape: Scrape, format: Format, version: string): Promise<string> {
  const registry =
    format === 'openMetrics' ? new Registry(Registry.OPENMETRICS_CONTENT_TYPE) : new Registry();
  for (const exposed of [...ownMetrics(scrape, version), ...businessMetrics(scrape)])
    register(registry, exposed);
  return registry.metrics();
}

function register(registry: Registry<never> | Registry, { name, help, type, samples }: Exposed): void {
  const first = samples[0];
  // Without samples the client would print a zero that nobody measured.
  if (!first) return;
  const options = { name, help, labelNames: Object.keys(first.labels), registers: [registry as Registry] };
  if (type === 'counter') {
    const counter = new Counter(options);
    for (const { labels, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(options);
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
}

function businessMetrics({ families }: Scrape): Exposed[] {
  return families.map(({ family: { name, help, type }, samples }) => ({ name, help, type, samples }));
}

function ownMetrics(scrape: Scrape, version: string): Exposed[] {
  const gauge = (name: string, help: string, samples: Sample[]): Exposed => ({
    name: `storepulse_${name}`,
    help,
    type: 'gauge',
    samples,
  });
  const series = scrape.families.reduce((sum, { samples }) => sum + samples.length, 0);
  const shops = [...scrape.freshness];
  return [
    gauge('build_info', 'The release that serves this; always 1.', [{ labels: { version }, value: 1 }]),
    gauge('store_up', '1 when the store could be read for this scrape, else 0.', [
      { labels: {}, value: scrape.storeUp ? 1 : 0 },
    ]),
    gauge('scrape_duration_seconds', 'Time it took to read the store for this scrape.', [
      { labels: {}, value: scrape.durationSeconds },
    ]),
    gauge('series', 'Series of business metrics in this scrape.', [{ labels: {}, value: series }]),
    gauge(
      'last_event_timestamp_seconds',
      'Event time of the latest event that was counted.',
      shops.map(([shop, { lastEventTime }]) => ({ labels: { shop }, value: lastEventTime / 1_000 })),
    ),
    gauge(
      'watermark_timestamp_seconds',
      'Event time before which everything has been counted, but for late events.',
      shops.flatMap(([shop, { watermark }]) =>
        watermark === null ? [] : [{ labels: { shop }, value: watermark / 1_000 }],
      ),
    ),
  ];
}
