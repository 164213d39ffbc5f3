import type { MetricFindValue } from '@grafana/data';
import type { ApiClient } from '../api/client';
import { readShops, readTexts } from '../query/readShops';
import type { ReadText } from '../query/readVariables';
import type { StorepulseVariableQuery } from '../types';
import { namedValues } from '../values/namedValues';

/** The exporter lists no more than this. "All" of a variable does not depend on it: it takes the filter away. */
const MENU_SIZE = 10_000;

/** What values are listed by. */
export interface ListContext {
  api: Pick<ApiClient, 'catalog' | 'dimensionValues'>;
  defaultShop: string | undefined;
  readText: ReadText;
  /** Epoch ms. */
  range: { from: number; to: number };
}

/**
 * The options of a dashboard variable: all shops by name, or the values of a dimension in a shop and in the dashboard's
 * range.
 * @throws {UnusableQueryError} when the shop is not one
 */
export async function listVariableValues(
  query: StorepulseVariableQuery,
  { api, defaultShop, readText, range }: ListContext,
): Promise<MetricFindValue[]> {
  if (query.kind !== 'values') {
    const { shops } = await api.catalog(0);
    return shops.map(({ shop, name }) => ({ text: name || shop, value: shop }));
  }
  const shops = readShops(query.shop, { readText, defaultShop });
  const [dimension] = readTexts(query.dimension, readText);
  if (!dimension || shops.length === 0) {
    return [];
  }
  const [contains] = readTexts(query.contains, readText);
  const lists = await Promise.all(
    shops.map((shop) =>
      api.dimensionValues({ dimension, shop, range, limit: MENU_SIZE, ...(contains ? { contains } : {}) }),
    ),
  );
  return namedValues(lists);
}
