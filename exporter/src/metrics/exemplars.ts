import {
  type Catalog,
  countedRows,
  dimensionValue,
  looksPersonal,
  type Shop,
  type StoredMetric,
} from '@storepulse/contracts';
import type { Document } from 'mongodb';
import { eventSources } from '../live/event-selection.ts';
import type { MetricStore } from '../store/store.ts';
import { EXPOSED_UNITS } from './exposed-unit.ts';
import type { Family } from './families.ts';
import type { Sample } from './samples.ts';

/** One event that a counter has counted, as OpenMetrics tells it. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  /** What the event added, in the exposed unit. */
  readonly value: number;
  /** Event time, seconds since the epoch. */
  readonly timestamp: number;
}

/** Finds the exemplar of a series; undefined: it has none. */
export type Exemplars = (family: Family, labels: Sample['labels']) => Exemplar | undefined;

/** Events of these types are told by the id of their order. */
const OF_ORDERS = ['order_placed', 'order_edited', 'payment_authorized', 'payment_failed'] as const;
const TOLD: ReadonlySet<string> = new Set(OF_ORDERS);
const LABEL = 'order_id';
/** Characters that the labels of an exemplar may have together, after OpenMetrics. */
const MAX_CHARACTERS = 128;
/** Shops that have exemplars, the first by id, and events that are read of each. */
const MAX_SHOPS = 20;
const EVENTS_PER_SHOP = 20;
/** An exemplar is not worth waiting for, ms. */
const TIMEOUT_MS = 1_000;

/**
 * Reads exemplars for the counters of orders and payments: of each series the latest event that it has counted, among the
 * latest of its shop. It names the order and nobody: an id that looks like personal data is left out.
 * @throws {ExporterError} when the store fails
 */
export async function readExemplars(
  store: Pick<MetricStore, 'shops' | 'events'>,
  families: readonly Family[],
  catalog: Catalog,
): Promise<Exemplars> {
  const counters = families.filter(countsOrders);
  const found = new Map<string, Exemplar>();
  const shops = (await store.shops()).slice(0, MAX_SHOPS);
  await Promise.all(
    shops.map(async (shop) => {
      let read = 0;
      const sources = eventSources(shop.shop, { type: [...OF_ORDERS] });
      for await (const { document } of store.events({ sources, direction: -1 }, { timeoutMs: TIMEOUT_MS })) {
        for (const family of counters)
          for (const [key, exemplar] of exemplarsOf(document, family, shop, catalog))
            if (!found.has(key)) found.set(key, exemplar);
        if (++read === EVENTS_PER_SHOP) break;
      }
    }),
  );
  return (family, labels) => found.get(keyOf(family, labels.shop!, labels[family.dimension]));
}

const keyOf = ({ name }: Family, shop: string, value = '') => `${name}|${shop}|${value}`;

/** Whether a counter is of events that name an order. */
function countsOrders({ type, metric }: Family): boolean {
  return type === 'counter' && metric.kind === 'stored' && typesOf(metric).every((each) => TOLD.has(each));
}

const typesOf = ({ source: { from } }: StoredMetric): readonly string[] =>
  from === 'session' ? ['session'] : from;

/** What an event adds to the series of a counter, by series. */
function exemplarsOf(
  event: Document,
  family: Family,
  shop: Shop,
  catalog: Catalog,
): ReadonlyMap<string, Exemplar> {
  const { orderId } = event;
  const metric = family.metric as StoredMetric;
  const added = new Map<string, number>();
  if (!typesOf(metric).includes(event.type) || typeof orderId !== 'string' || !isTold(orderId))
    return new Map();
  const spec = catalog.dimensions.get(family.dimension);
  for (const { value, tells } of countedRows(metric, event, catalog.events)) {
    const label = spec && dimensionValue(spec, tells(spec.name));
    const key = keyOf(family, shop.shop, label);
    added.set(key, (added.get(key) ?? 0) + (metric.measure === 'count' ? 1 : Number(value)));
  }
  const each = EXPOSED_UNITS[metric.unit].stored(shop);
  const exemplar = { labels: { [LABEL]: orderId }, timestamp: Number(event.eventTime) / 1_000 };
  const counted = [...added].filter(([, value]) => value > 0);
  return new Map(counted.map(([key, value]) => [key, { ...exemplar, value: value / each }]));
}

const isTold = (orderId: string): boolean =>
  LABEL.length + [...orderId].length <= MAX_CHARACTERS && !looksPersonal(orderId);
