import { isSocketError } from '@storepulse/contracts';
import { MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { ExporterError } from '../errors.ts';
import type { MetricStore } from './store.ts';

const MAX_TIME_EXPIRED = 50;

/**
 * Wraps a store so that a driver's error becomes one that a user can be told, without addresses or logins.
 * @param connect runs before each read: a client whose first connection failed would refuse all later ones for ever
 */
export function translateStoreError(store: MetricStore, connect: () => Promise<unknown>): MetricStore {
  const wrap =
    <A extends unknown[], R>(method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        await connect();
        return await method(...args);
      } catch (error) {
        throw translate(error);
      }
    };
  const wrapMany = <A extends unknown[], T>(read: (...args: A) => AsyncIterable<T>) =>
    async function* (...args: A): AsyncGenerator<T> {
      try {
        await connect();
        yield* read(...args);
      } catch (error) {
        throw translate(error);
      }
    };
  return {
    shops: wrap(store.shops),
    windows: wrapMany(store.windows),
    windowsOf: wrapMany(store.windowsOf),
    windowIds: wrap(store.windowIds),
    counted: wrap(store.counted),
    firstDay: wrap(store.firstDay),
    totals: wrap(store.totals),
    lifetimes: wrap(store.lifetimes),
    orders: wrapMany(store.orders),
    edits: wrapMany(store.edits),
    refunds: wrapMany(store.refunds),
    cancelledOrders: wrapMany(store.cancelledOrders),
    goodsOfOrders: wrapMany(store.goodsOfOrders),
    goodsOfEdits: wrapMany(store.goodsOfEdits),
    goodsOfRefunds: wrapMany(store.goodsOfRefunds),
    payments: wrapMany(store.payments),
    products: wrapMany(store.products),
    annotations: wrap(store.annotations),
    revisions: wrap(store.revisions),
    exchangeRate: wrap(store.exchangeRate),
    daysWithRate: wrap(store.daysWithRate),
    records: wrapMany(store.records),
    search: wrap(store.search),
    productNames: wrap(store.productNames),
    countedSince: wrap(store.countedSince),
    visitCount: wrap(store.visitCount),
    visits: wrapMany(store.visits),
    events: wrapMany(store.events),
    eventCounts: wrap(store.eventCounts),
    follow: wrapMany(store.follow),
    progress: wrap(store.progress),
    warehouse: wrap(store.warehouse),
    merging: wrap(store.merging),
    factCount: wrap(store.factCount),
    knownValues: wrap(store.knownValues),
    dimensionValues: wrap(store.dimensionValues),
    layoutVersion: wrap(store.layoutVersion),
    close: store.close,
  };
}

function translate(error: unknown): unknown {
  if (isUnreachable(error)) {
    return new ExporterError(
      'store_unavailable',
      'MongoDB can not be reached: check that it runs and that MONGODB_URI names it; the log has the cause',
      { cause: error },
    );
  }
  if (!(error instanceof MongoError)) return error;
  if (error instanceof MongoServerError && error.code === MAX_TIME_EXPIRED) {
    return new ExporterError(
      'store_timeout',
      'MongoDB did not answer in time: choose a shorter range or a longer interval, or try again',
      { cause: error },
    );
  }
  return new ExporterError('store_unavailable', 'MongoDB refused the read; the log has the cause', {
    cause: error,
  });
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof MongoServerSelectionError || error instanceof MongoNetworkError || isSocketError(error)
  );
}
