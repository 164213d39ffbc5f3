import { type DataQueryRequest, type DataSourceInstanceSettings, dateTime } from '@grafana/data';
import { QUERY_VERSION } from '@storepulse/contracts/grafana/migrate-query';
import type { Frame, QueryResult } from '@storepulse/contracts/query';
import type { Catalog, CatalogMetric } from '../api/catalog';
import type { StorepulseOptions, StorepulseQuery } from '../types';

/** A metric of the catalogue, `net_sales` unless told otherwise. */
export const aMetric = (changes: Partial<CatalogMetric> = {}): CatalogMetric => ({
  name: 'net_sales',
  title: 'Net sales',
  description: 'Gross sales − discounts − returns',
  unit: 'money',
  kind: 'derived',
  better: 'up',
  dimensions: ['country', 'device'],
  expression: 'gross_sales − discounts − returns',
  synonyms: ['revenue', 'turnover', 'AOV’s numerator'],
  area: 'Sales',
  ...changes,
});

/** A catalogue of three metrics, two dimensions and two shops. */
export const aCatalog = (): Catalog => ({
  version: '1',
  metrics: [
    aMetric(),
    aMetric({
      name: 'orders',
      title: 'Orders',
      description: 'Distinct orders placed',
      synonyms: ['purchases'],
      unit: 'count',
      kind: 'stored',
    }),
    aMetric({
      name: 'customers',
      title: 'Customers',
      synonyms: [],
      area: 'Audience',
      unit: 'count',
      kind: 'stored',
      dimensions: ['country'],
    }),
  ],
  dimensions: [
    { name: 'country', title: 'Country', description: 'Country of the order' },
    { name: 'device', title: 'Device', description: 'Kind of device' },
  ],
  resolutions: ['10s', '1m', '1h', '1d', 'all'],
  shops: [
    { shop: 'demo', name: 'Demo shop', currency: 'EUR', scale: 2, timeZone: 'Europe/Berlin' },
    { shop: 'uk-retail', name: 'UK retail', currency: 'GBP', scale: 3, timeZone: 'Europe/London' },
  ],
});

/** The same with a metric of which every value is kept. */
export function aCatalogWithLatency(): Catalog {
  const catalog = aCatalog();
  const latency = aMetric({
    ...{ name: 'latency', title: 'Latency', description: 'Time of a checkout', unit: 'milliseconds' },
    ...{ kind: 'stored', measure: 'distribution', dimensions: ['device'], synonyms: [] },
  });
  return { ...catalog, metrics: [...catalog.metrics, latency] };
}

/** The same with hours and weekdays, which orders can be told by. */
export function aCatalogWithTime(): Catalog {
  const catalog = aCatalog();
  const times = ['weekday', 'hour_of_day'];
  return {
    ...catalog,
    metrics: catalog.metrics.map((metric) => ({ ...metric, dimensions: [...metric.dimensions, ...times] })),
    dimensions: [
      ...catalog.dimensions,
      ...times.map((name) => ({ name, title: name.replaceAll('_', ' '), description: '', ofTime: true })),
    ],
  };
}

/** A runnable query in today's shape. */
export const aQuery = (changes: Partial<StorepulseQuery> = {}): StorepulseQuery => ({
  version: QUERY_VERSION,
  refId: 'A',
  shop: 'demo',
  metric: 'net_sales',
  ...changes,
});

/** A panel's request for some queries, from 1,000 to 61,000 ms. */
export const aRequest = (
  targets: StorepulseQuery[],
  changes: Partial<DataQueryRequest<StorepulseQuery>> = {},
): DataQueryRequest<StorepulseQuery> => ({
  app: 'dashboard',
  requestId: 'request',
  interval: '1m',
  intervalMs: 60_000,
  timezone: 'utc',
  startTime: 0,
  scopedVars: {},
  range: { from: dateTime(1_000), to: dateTime(61_000), raw: { from: 'now-1m', to: 'now' } },
  targets,
  ...changes,
});

/** A frame as the exporter answers it: two minutes of one number. */
export const aFrame = (changes: Partial<Frame> = {}): Frame => ({
  name: 'Net sales',
  refId: 'A',
  fields: [
    { name: 'time', type: 'time', config: {}, values: [0, 60_000] },
    {
      name: 'net_sales',
      type: 'number',
      config: { displayName: 'Net sales', unit: 'currencyGBP', decimals: 3, description: 'Gross − returns' },
      values: [1.5, 2.25],
    },
  ],
  meta: { type: 'timeseries-wide', typeVersion: [0, 1] },
  ...changes,
});

/** The exporter's answer to one query. */
export const aResult = (changes: Partial<QueryResult> = {}): QueryResult => ({
  frames: [aFrame()],
  meta: { resolution: '1m', interval: '1m', documents: 2, freshness: null, notices: [] },
  ...changes,
});

/** Settings of a data source as Grafana hands them over. */
export const someSettings = (
  jsonData: StorepulseOptions = { apiUrl: 'http://exporter:9464' },
): DataSourceInstanceSettings<StorepulseOptions> =>
  ({
    uid: 'storepulse',
    type: 'storepulse-commerce-datasource',
    name: 'Storepulse',
    url: '/proxy',
    access: 'proxy',
    readOnly: false,
    jsonData,
    meta: {},
  }) as DataSourceInstanceSettings<StorepulseOptions>;
