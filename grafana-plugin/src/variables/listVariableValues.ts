import type { MetricFindValue } from '@grafana/data';
import type { ApiClient } from '../api/client';
import type { StorepulseVariableQuery } from '../types';

/** A dimension may have thousands of values; a variable's menu is no place for more than these. */
const MENU_SIZE = 500;

/** The options of a dashboard variable: all shops by name, or the values of a dimension in a shop. */
export async function listVariableValues(
  query: StorepulseVariableQuery,
  api: Pick<ApiClient, 'catalog' | 'dimensionValues'>,
  defaultShop: string | undefined,
): Promise<MetricFindValue[]> {
  if (query.kind === 'shops') {
    const { shops } = await api.catalog();
    return shops.map(({ shop, name }) => ({ text: name || shop, value: shop }));
  }
  const shop = query.shop || defaultShop;
  if (!shop || !query.dimension) {
    return [];
  }
  const values = await api.dimensionValues({ dimension: query.dimension, shop, limit: MENU_SIZE });
  return values.map((value) => ({ text: value, value }));
}
