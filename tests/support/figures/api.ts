import type { Frame, MetricQuery } from '@storepulse/contracts';
import { api, overFetch, parseMoney } from '@storepulse/contracts';
import {
  COUNTRY,
  type Figures,
  figuresOf,
  isMoney,
  METRICS,
  type Metric,
  SCALE,
  type Source,
  withoutEmpty,
} from './figures.ts';
import { monthOf } from './windows.ts';

/** Around all events of the files that are replayed, epoch ms. */
export const RANGE = { from: Date.UTC(2010, 11, 1), to: Date.UTC(2012, 0, 1) };

/** Figures of the exporter's query API. */
export function apiSource(url: string): Source {
  const ask = async (shop: string, query: Partial<MetricQuery>) => {
    const queries = METRICS.map((metric) => ({ refId: metric, shop, metric, ...query }));
    const results = await askApi(url, { range: RANGE, queries });
    return (metric: Metric) => results[metric]!;
  };
  return {
    name: 'query API',
    lifetime: async (shop) => {
      const frameOf = await ask(shop, { interval: 'all', format: 'table' });
      return figuresOf((metric) => toMinor(metric, frameOf(metric).fields[0]!.values[0]));
    },
    byCountry: async (shop) => {
      const frameOf = await ask(shop, { interval: 'all', format: 'table', groupBy: COUNTRY });
      return pivot((metric) => {
        const [countries, values] = frameOf(metric).fields;
        return countries!.values.map((country, i) => [String(country), toMinor(metric, values!.values[i])]);
      });
    },
    byMonth: async (shop) => {
      const frameOf = await ask(shop, { interval: '1M' });
      return pivot((metric) => {
        const [times, values] = frameOf(metric).fields;
        return times!.values.map((time, i) => [monthOf(Number(time)), toMinor(metric, values!.values[i])]);
      });
    },
  };
}

/**
 * Puts queries to the exporter.
 * @returns the frame of each by `refId`
 * @throws {Error} when the exporter refuses any of them
 */
export async function askApi(
  url: string,
  request: { range: { from: number; to: number }; queries: readonly MetricQuery[] },
): Promise<Readonly<Record<string, Frame>>> {
  const { results } = await overFetch({ fetch, url })(
    api.query({ ...request, queries: [...request.queries] }),
  );
  return Object.fromEntries(
    Object.entries(results).map(([refId, { error, frames }]) => {
      if (error) throw new Error(`The query API refused ${refId}: ${error.detail}`);
      return [refId, frames[0]!];
    }),
  );
}

/** An amount as the API writes it, to minor units without any rounding; null (not known) counts as nothing. */
function toMinor(metric: Metric, value: string | number | null | undefined): number {
  if (value === null) return 0;
  return isMoney(metric) ? parseMoney(String(value), SCALE) : Number(value);
}

/** Columns by metric become figures by the name in the first column. */
function pivot(rowsOf: (metric: Metric) => [string, number][]): Record<string, Figures> {
  const columns = new Map(METRICS.map((metric) => [metric, new Map(rowsOf(metric))]));
  const names = new Set([...columns.values()].flatMap((column) => [...column.keys()]));
  return withoutEmpty(
    [...names].map((name) => [name, figuresOf((metric) => columns.get(metric)!.get(name) ?? 0)] as const),
  );
}
