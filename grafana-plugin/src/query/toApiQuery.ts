import { SHOP_PATTERN } from '@storepulse/contracts/ids';
import type { MetricQuery } from '@storepulse/contracts/query';
import type { StorepulseQuery } from '../types';

/** Thrown when a query misses what the API needs; the message says what to choose. */
class IncompleteQueryError extends Error {
  override readonly name = 'IncompleteQueryError';
}

const shopPattern = new RegExp(SHOP_PATTERN);

/**
 * The API's form of a query whose variables are replaced. Filters without values are unfinished and left out.
 * @throws {IncompleteQueryError} without a metric or a usable shop
 */
export function toApiQuery(query: StorepulseQuery, defaultShop: string | undefined): MetricQuery {
  const { refId, metric, shop = defaultShop, groupBy, limit, interval, format } = query;
  const filters = (query.filters ?? []).filter(({ dimension, values }) => dimension && values.length > 0);
  if (!metric) {
    throw new IncompleteQueryError('No metric is chosen. Choose one in the query editor.');
  }
  if (!shop) {
    throw new IncompleteQueryError(
      'No shop is chosen. Choose one in the query, or a default one in the data source’s settings.',
    );
  }
  if (!shopPattern.test(shop)) {
    throw new IncompleteQueryError(`"${shop}" is not the id of one shop. Choose a single shop.`);
  }
  return {
    refId,
    shop,
    metric,
    ...(groupBy ? { groupBy } : {}),
    ...(groupBy && limit ? { limit } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(interval ? { interval } : {}),
    ...(format ? { format } : {}),
  };
}
