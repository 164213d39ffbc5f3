import {
  escapeField,
  LAYOUT_VERSION,
  type MetricDocument,
  parseWindowId,
  type RecordKind,
  type Shop,
  unescapeField,
} from '@storepulse/contracts';
import { BSON } from 'mongodb';
import { ExporterError } from '../errors.ts';
import type {
  CancelledOrder,
  EditFact,
  GoodsEdit,
  GoodsOrder,
  GoodsRefund,
  OrderFact,
  PaymentFact,
  ProductFact,
  RefundFact,
} from '../facts/rows.ts';
import type { TaskProgress } from '../query/freshness.ts';
import type { MergeProgress } from '../query/merging.ts';
import type {
  Annotation,
  ExchangeRate,
  MetricStore,
  WarehouseProgress,
  WindowSelection,
} from '../store/store.ts';
import type { VisitRow, VisitSelection } from '../visits/visit-row.ts';
import { createMemoryLive, type MemoryLive } from './memory-live.ts';
import { findIn, type StoredRecord, selectFrom } from './memory-records.ts';

const HOUR_MS = 3_600_000;

/** Facts of the one shop of a test, in any order. */
export interface MemoryFacts {
  readonly orders: readonly OrderFact[];
  readonly edits: readonly EditFact[];
  readonly refunds: readonly RefundFact[];
  readonly payments: readonly PaymentFact[];
  readonly products: readonly ProductFact[];
  readonly goods: Partial<MemoryGoods>;
}

/** What was sold, changed and taken back, in any order. */
export interface MemoryGoods {
  readonly cancelled: readonly CancelledOrder[];
  readonly orders: readonly GoodsOrder[];
  readonly edits: readonly GoodsEdit[];
  readonly refunds: readonly GoodsRefund[];
}

async function* each<T>(facts: readonly T[] = []) {
  yield* facts;
}

/** Facts sorted as MongoDB does: by the bytes of their key, then by time. */
async function* inOrder<T extends { eventTime: number }>(
  facts: readonly T[] = [],
  keyOf: (fact: T) => string,
) {
  yield* facts.toSorted(
    (a, b) => Buffer.compare(Buffer.from(keyOf(a)), Buffer.from(keyOf(b))) || a.eventTime - b.eventTime,
  );
}

const isIn =
  ({ shop, groups, parts, tiles }: Omit<WindowSelection, 'dimension'>) =>
  (document: MetricDocument) =>
    document.shop === shop &&
    groups.includes(document.group) &&
    parts.includes(document.part) &&
    tiles.some(
      ({ resolution, from, to }) =>
        resolution === document.resolution &&
        from <= document.start.getTime() &&
        document.start.getTime() < to,
    );
const asBson = (document: MetricDocument) => Buffer.from(BSON.serialize(document));

/** A store over documents in memory, for tests that are about what is answered, not about MongoDB. */
export function createMemoryStore(content: {
  shops: readonly Shop[];
  documents: readonly MetricDocument[];
  progress?: readonly TaskProgress[];
  merging?: readonly MergeProgress[];
  warehouse?: WarehouseProgress;
  facts?: Partial<MemoryFacts>;
  annotations?: readonly Annotation[];
  /** Exchange rates in the order in which they were told. */
  rates?: readonly (ExchangeRate & { readonly shop: string })[];
  /** By kind: records as they are stored. */
  records?: Partial<Record<RecordKind, readonly StoredRecord[]>>;
  /** What streams tell. @default metrics, orders and reviews as they are, and no change of them */
  live?: MemoryLive;
  /** Visits of the one shop of a test, in any order. */
  visits?: readonly VisitRow[];
  /** What was counted, by window id. @default what was merged */
  counted?: ReadonlyMap<string, number>;
}): MetricStore {
  const {
    shops,
    documents,
    progress = [],
    merging = [],
    warehouse = {},
    facts = {},
    annotations = [],
    rates = [],
    records = {},
    visits = [],
    live = createMemoryLive({
      metrics: documents,
      orders: records.orders ?? [],
      reviews: records.reviews ?? [],
    }),
  } = content;
  const visitsIn = ({ shop, from, to }: VisitSelection) =>
    visits.filter(({ firstTime }) => shop === shops[0]?.shop && from <= firstTime && firstTime < to);
  const counted = content.counted ?? new Map(documents.map(({ _id, version }) => [_id, version]));
  const within = (selection: Omit<WindowSelection, 'dimension'>) => documents.filter(isIn(selection));
  return {
    shops: async () => shops,
    exchangeRate: async ({ shop, toCurrency, day }) =>
      rates.findLast((each) => each.shop === shop && each.toCurrency === toCurrency && each.day === day) ??
      null,
    daysWithRate: async ({ shop, toCurrency }, limit) => {
      const own = rates.filter((each) => each.shop === shop && each.toCurrency === toCurrency);
      return [...new Set(own.map(({ day }) => day))].sort().reverse().slice(0, limit);
    },
    annotations: async ({ shop, from, to, tags }, limit) =>
      annotations
        .filter((each) => each.shop === shop && each.start < to && (each.end ?? to) >= from)
        .filter((each) => tags.every((tag) => each.tags.includes(tag)))
        .toSorted((a, b) => a.start - b.start)
        .slice(-limit),
    revisions: async ({ shop, from, to }, limit) => {
      const corrected = documents.filter(
        ({ part, bucket, revision, resolution, start, ...document }) =>
          [document.shop === shop, part === 'narrow', bucket === 0, revision > 0].every(Boolean) &&
          ['10s', '1m', '1h'].includes(resolution) &&
          from <= start.getTime() &&
          start.getTime() < to,
      );
      const hours = Map.groupBy(corrected, ({ start }) => Math.floor(start.getTime() / HOUR_MS) * HOUR_MS);
      return [...hours]
        .map(([start, own]) => ({
          ...{ start, windows: own.length, groups: [...new Set(own.map(({ group }) => group))].sort() },
          updatedAt: Math.max(...own.map(({ updatedAt }) => updatedAt.getTime())),
        }))
        .toSorted((a, b) => a.start - b.start)
        .slice(-limit);
    },
    records: async function* (selection, limit) {
      const found = selectFrom(records[selection.kind] ?? [], selection).slice(0, limit);
      yield found.map((record) => Buffer.from(BSON.serialize(record)));
    },
    countedSince: async () => new Map(),
    productNames: async (shop, skus) =>
      new Map(
        (records.products ?? [])
          .filter((product) => product.shop === shop && skus.includes(product.sku as string))
          .map(({ sku, name }) => [sku as string, name as string]),
      ),
    search: async (selection) => findIn(records[selection.kind] ?? [], selection),
    visitCount: async (selection, most) => Math.min(most, visitsIn(selection).length),
    visits: async function* (selection) {
      yield visitsIn(selection).map((visit) => Buffer.from(BSON.serialize(visit)));
    },
    follow: live.follow,
    events: live.events,
    eventCounts: live.eventCounts,
    progress: async () => progress,
    warehouse: async () => warehouse,
    merging: async () => merging,
    layoutVersion: async () => LAYOUT_VERSION,
    windows: async function* (selection, limit) {
      const found = within(selection);
      if (found.length > limit) throw new ExporterError('too_many_windows', `more than ${limit} windows`);
      yield found.map(asBson);
    },
    windowsOf: async function* (ids) {
      yield documents.filter(({ _id }) => ids.includes(_id)).map(asBson);
    },
    windowIds: async (selection) => within(selection).map(({ _id }) => _id),
    counted: async ({ shop, groups, parts, tiles }) =>
      new Map(
        [...counted].filter(([id]) => {
          const ref = parseWindowId(id);
          return (
            ref.shop === shop &&
            groups.includes(ref.group) &&
            parts.includes(ref.part) &&
            tiles.some(
              ({ resolution, from, to }) =>
                resolution === ref.resolution && from <= ref.start && ref.start < to,
            )
          );
        }),
      ),
    firstDay: async (shop, groups) => {
      const starts = documents
        .filter((document) => document.shop === shop && groups.includes(document.group))
        .filter(({ resolution }) => resolution === '1d')
        .map(({ start }) => start.getTime());
      return starts.length === 0 ? null : Math.min(...starts);
    },
    totals: async ({ shops: wanted, group, tile }) =>
      documents
        .filter((document) => wanted.includes(document.shop) && document.group === group)
        .filter(({ part, resolution }) => part === 'narrow' && resolution === tile.resolution)
        .filter(({ start }) => tile.from <= start.getTime() && start.getTime() < tile.to)
        .flatMap(({ shop, cells }) => {
          const cell = cells.total?.all;
          return cell ? [{ shop, cell }] : [];
        }),
    lifetimes: async (wanted, groups) =>
      documents.filter(
        ({ shop, group, part, resolution }) =>
          wanted.includes(shop) && groups.includes(group) && part === 'narrow' && resolution === 'all',
      ),
    orders: () => inOrder(facts.orders, ({ customerId }) => customerId),
    edits: () => inOrder(facts.edits, ({ customerId }) => customerId),
    refunds: () => inOrder(facts.refunds, ({ customerId }) => customerId),
    cancelledOrders: () => each(facts.goods?.cancelled),
    goodsOfOrders: () => each(facts.goods?.orders),
    goodsOfEdits: () => each(facts.goods?.edits),
    goodsOfRefunds: () => each(facts.goods?.refunds),
    payments: () => inOrder(facts.payments, ({ orderId }) => orderId),
    products: () => each(facts.products),
    factCount: async (_shop, source) => {
      const { orders = [], edits = [], refunds = [], payments = [], products = [] } = facts;
      const counts = {
        customers: orders.length + edits.length + refunds.length,
        kept_goods: Object.values(facts.goods ?? {}).reduce((sum, { length }) => sum + length, 0),
        paid_orders: payments.length,
        products: products.length,
      };
      return counts[source];
    },
    knownValues: async ({ shop, groups, parts, dimension }, values) => {
      const lifetimes = documents.filter(
        (document) =>
          document.shop === shop &&
          groups.includes(document.group) &&
          parts.includes(document.part) &&
          document.resolution === 'all',
      );
      return new Set(
        values.filter((value) =>
          lifetimes.some(({ cells }) => Object.hasOwn(cells[dimension] ?? {}, escapeField(value))),
        ),
      );
    },
    dimensionValues: async (selection) => {
      const { dimension } = selection;
      const fields = within(selection).flatMap(({ cells }) => Object.keys(cells[dimension] ?? {}));
      return [...new Set(fields)].map(unescapeField);
    },
    close: async () => {},
  };
}
