import type { FactCollection } from '@storepulse/contracts';
import type { Db, FindOptions } from 'mongodb';
import type { ReadOptions } from './read-options.ts';
import type { ExchangeRate, MetricStore } from './store.ts';

const COLLECTION: FactCollection = 'exchange-rates';

/** Reads of exchange rates, each answered from one index. @param limitsOf the bounds of a read */
export function createRateReads(
  db: Db,
  limitsOf: (options?: ReadOptions) => FindOptions,
): Pick<MetricStore, 'exchangeRate' | 'daysWithRate'> {
  const rates = db.collection<ExchangeRate & { readonly shop: string; readonly eventTime: number }>(
    COLLECTION,
  );
  return {
    exchangeRate: ({ shop, toCurrency, day }, options) =>
      rates.findOne<ExchangeRate>(
        { shop, toCurrency, day },
        {
          ...limitsOf(options),
          ...{ sort: { eventTime: -1 }, projection: { _id: 0, day: 1, toCurrency: 1, rate: 1, source: 1 } },
        },
      ),
    daysWithRate: async ({ shop, toCurrency }, limit, options) => {
      const found = await rates
        .find(
          { shop, toCurrency },
          { ...limitsOf(options), sort: { day: -1 }, limit, projection: { _id: 0, day: 1 } },
        )
        .toArray();
      return [...new Set(found.map(({ day }) => day))];
    },
  };
}
