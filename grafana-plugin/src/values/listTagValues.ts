import type { DataSourceGetTagValuesOptions, MetricFindValue } from '@grafana/data';
import { UnusableQueryError } from '@storepulse/contracts/grafana/checks';
import type { ApiClient } from '../api/client';
import { narrow } from '../query/narrow';
import type { StorepulseQuery } from '../types';
import { namedValues } from './namedValues';

/** A menu of more is no help to anybody; Grafana searches within what it was given. */
const MENU_SIZE = 1_000;

/**
 * Values that an ad hoc filter can have: those of the dashboard's shops in its range, under its other filters.
 * @param queries of the dashboard, with variables replaced; they tell the shops
 * @throws {UnusableQueryError} when no shop is known
 */
export async function listTagValues(
  { key, filters = [], timeRange }: Partial<DataSourceGetTagValuesOptions<StorepulseQuery>> & { key: string },
  queries: readonly StorepulseQuery[],
  api: Pick<ApiClient, 'dimensionValues'>,
  defaultShop: string | undefined,
): Promise<MetricFindValue[]> {
  const named = queries.flatMap(({ shop = defaultShop }) => shop ?? []);
  const shops = [...new Set(named.length > 0 ? named : [defaultShop].flatMap((shop) => shop ?? []))];
  if (shops.length === 0) {
    throw new UnusableQueryError(
      'No shop is known to list values of. Choose a default shop in the data source’s settings.',
    );
  }
  // Filters on other dimensions can't narrow values; those on the same one are sent in the exporter's form.
  const own = narrow(
    { refId: '' },
    filters.filter((filter) => filter.key === key),
    undefined,
  ).query.filters;
  const lists = await Promise.all(
    shops.map((shop) =>
      api.dimensionValues({
        dimension: key,
        shop,
        limit: MENU_SIZE,
        ...(own ? { filters: own } : {}),
        ...(timeRange ? { range: { from: timeRange.from.valueOf(), to: timeRange.to.valueOf() } } : {}),
      }),
    ),
  );
  return namedValues(lists);
}
