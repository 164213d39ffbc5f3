import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Exemplar, Exemplars } from './exemplars.ts';
import type { Sample } from './samples.ts';
import type { Scrape } from './scrape.ts';
import { MAX_SERIES } from './series-budget.ts';

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
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly (Sample & { readonly exemplar?: Exemplar | undefined })[];
}

/**
 * Writes a scrape in a text format. The registry lives for this one text: what is gone from the store is gone from
 * the next scrape, and the client can't mix the names of the two formats.
 * @param process what the process measures about itself @default nothing
 * @param exemplars events of counters, which OpenMetrics alone can tell @default none
 */
export async function exposition(
  scrape: Scrape,
  format: Format,
  version: string,
  process?: Registry,
  exemplars: Exemplars = () => undefined,
): Promise<string> {
  const registry =
    format === 'openMetrics' ? new Registry(Registry.OPENMETRICS_CONTENT_TYPE) : new Registry();
  for (const exposed of [...ownMetrics(scrape, version), ...businessMetrics(scrape, exemplars)])
    register(registry, exposed);
  for (const metric of (await process?.getMetricsAsJSON()) ?? []) registerCopy(registry, metric);
  return registry.metrics();
}

type Measured = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];

/** A registry renames its counters to what its format calls them: the process's own must keep their names. */
function registerCopy(registry: Registry, { name, ...content }: Measured): void {
  const copy = new Gauge({ name, help: content.help, registers: [] });
  const named = Object.assign(copy, {
    name,
    type: content.type,
    getForPromString: async () => ({ ...content, name: named.name }),
  });
  registry.registerMetric(named);
}

function register(registry: Registry<never> | Registry, { name, help, type, samples }: Exposed): void {
  const first = samples[0];
  // Without samples the client would print a zero that nobody measured.
  if (!first) return;
  const options = { name, help, labelNames: Object.keys(first.labels), registers: [registry as Registry] };
  if (type === 'counter') {
    registry.registerMetric(toldCounter(options, samples));
  } else if (type === 'histogram') {
    registry.registerMetric(countedHistogram(name, help, samples));
  } else {
    const gauge = new Gauge(options);
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
}

/** The client's counter takes the present for the time of an exemplar; this one brings its samples along. */
function toldCounter({ name, help }: Pick<Exposed, 'name' | 'help'>, samples: Exposed['samples']): Counter {
  const values = samples.map(({ labels, value, exemplar }) => ({
    ...{ labels, value },
    ...(exemplar ? { exemplar: { ...exemplar, labelSet: exemplar.labels } } : {}),
  }));
  const named = Object.assign(new Counter({ name, help, registers: [] }), {
    name,
    // A registry renames its counters to what its format calls them.
    getForPromString: async () => ({ name: named.name, help, type: 'counter', values, aggregator: 'sum' }),
  });
  return named;
}

/** The client's histogram counts what it observes; this one brings its counts along. */
function countedHistogram(name: string, help: string, samples: readonly Sample[]): Histogram {
  const values = samples.map(({ suffix = '', labels, value }) => ({
    metricName: `${name}${suffix}`,
    labels,
    value,
  }));
  const content = async () => ({ name, help, type: 'histogram', values, aggregator: 'sum' });
  return Object.assign(new Histogram({ name, help, registers: [] }), { getForPromString: content });
}

function businessMetrics({ families }: Scrape, exemplars: Exemplars): Exposed[] {
  return families.map(({ family, samples }) => {
    const { name, help, type } = family;
    const told = samples.map((sample) => ({ ...sample, exemplar: exemplars(family, sample.labels) }));
    return { name, help, type, samples: type === 'counter' ? told : samples };
  });
}

function ownMetrics(scrape: Scrape, version: string): Exposed[] {
  const gauge = (name: string, help: string, samples: Sample[]): Exposed => ({
    name: `storepulse_${name}`,
    help,
    type: 'gauge',
    samples,
  });
  const series = scrape.families.reduce((sum, { samples }) => sum + samples.length, 0);
  const overBudget = scrape.families.filter(({ dropped }) => dropped > 0);
  const dropped = overBudget.reduce((sum, family) => sum + family.dropped, 0);
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
      'series_budget_ratio',
      'Series that the business metrics would have, to those that they may have.',
      [{ labels: {}, value: (series + dropped) / MAX_SERIES }],
    ),
    gauge(
      'series_dropped',
      'Values of a metric that the budget of series has no place for: shown as other, or not at all.',
      overBudget.map(({ family, dropped: value }) => ({
        labels: { metric: family.metric.name, dimension: family.dimension },
        value,
      })),
    ),
    gauge(
      'active_visitors_5m',
      'Distinct visitors with any activity in the last five minutes.',
      [...scrape.now].map(([shop, { visitors }]) => ({ labels: { shop }, value: visitors })),
    ),
    gauge(
      'active_sessions_30m',
      'Distinct visits with any activity in the last thirty minutes.',
      [...scrape.now].map(([shop, { sessions }]) => ({ labels: { shop }, value: sessions })),
    ),
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
    ...warehouseMetrics(scrape, gauge),
  ];
}

/** How the warehouse is doing; nothing where it has never run. */
function warehouseMetrics(
  { warehouse: { succeededAt, isFailing, reconciled } }: Scrape,
  gauge: (name: string, help: string, samples: Sample[]) => Exposed,
): Exposed[] {
  const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ labels: {}, value }]);
  return [
    gauge(
      'warehouse_last_success_timestamp_seconds',
      'When the last run of the warehouse that succeeded began.',
      one(succeededAt && succeededAt.getTime() / 1_000),
    ),
    gauge(
      'warehouse_failing',
      '1 when the latest run of the warehouse has failed, else 0.',
      one(isFailing === undefined ? undefined : Number(isFailing)),
    ),
    gauge(
      'reconcile_differences',
      'Cells that differed when stream and warehouse were compared last.',
      one(reconciled?.differences),
    ),
    gauge(
      'reconcile_timestamp_seconds',
      'When stream and warehouse were compared last.',
      one(reconciled && reconciled.at.getTime() / 1_000),
    ),
  ];
}
