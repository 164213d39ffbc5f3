import {
  aggregators,
  catalog,
  countedRows,
  depthDimensions,
  dimensionValue,
  type EventOf,
  evaluate,
  eventRegistry,
  type MeasureState,
  type MeasureValue,
  type MetricSpec,
  mergeSessions,
  SESSION_IDLE_MS,
  type SessionState,
  type StoredMetric,
  type StoreEvent,
  sessionOf,
  timeDimensions,
  UNKNOWN_VALUE,
  type VisitEvent,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { findDiscounts, type LoggedGoods } from '@storepulse/lake/find-discounts';
import type { PlacedEvent } from '../warehouse/lake-of-events.ts';

/** A row that a metric counts, with what it tells. */
interface Counted {
  readonly time: number;
  readonly value: MeasureValue;
  readonly tells: (dimension: string) => string;
}

/** Answers over events, one by one, with nothing of what is tested. */
export interface BruteForce {
  /**
   * A metric's value by group over a range; a group is its values joined by `|`.
   * @param keeps whether a row with these values counts
   */
  table(
    metric: MetricSpec,
    groupBy: readonly string[],
    range: { from: number; to: number },
    keeps: (tells: (dimension: string) => string) => boolean,
  ): Map<string, number | null>;
}

/** Business facts count once by their id, everything else by its event id within its partition; of copies the first in the log. */
export function onceEach(events: readonly PlacedEvent[]): StoreEvent[] {
  const first = new Map<string, PlacedEvent>();
  for (const placed of events) {
    const { event, topic, partition, offset } = placed;
    const { fact } = eventRegistry.get(event.type)!;
    const id =
      fact && fact.id !== 'eventId' ? (event as unknown as Record<string, string>)[fact.id] : undefined;
    const key =
      id === undefined
        ? `${event.shop}|${topic}|${partition}|${event.eventId}`
        : `${event.shop}|${fact!.collection}|${id}`;
    const known = first.get(key);
    const isEarlier =
      !known || partition < known.partition || (partition === known.partition && offset < known.offset);
    if (isEarlier) first.set(key, placed);
  }
  return valued([...first.values()]);
}

/** What comes back is worth what it was sold for: found as elsewhere, where it is held against the processor. */
function valued(events: readonly PlacedEvent[]): StoreEvent[] {
  const goods = events.filter(({ event }) => /^(order_placed|order_edited|refund_issued)$/.test(event.type));
  const found = findDiscounts(goods.map((placed) => ({ ...placed, shopDate: '' }) as unknown as LoggedGoods));
  const byPlace = Map.groupBy(found, ({ of }) => `${of.partition}/${of.offset}`);
  return events.map(({ event, partition, offset, topic }) => {
    const own = topic === 'transactions' ? byPlace.get(`${partition}/${offset}`) : undefined;
    if (!own) return event;
    const list = event.type === 'refund_issued' ? 'lines' : 'removed';
    const lines = structuredClone((event as unknown as Record<string, object[]>)[list]!);
    for (const { lineNo, discount } of own) lines[lineNo] = { ...lines[lineNo], discount };
    return { ...event, [list]: lines } as StoreEvent;
  });
}

/** @param until visits that were idle for half an hour by then have ended */
export function bruteForce(events: readonly StoreEvent[], until: number, calendar: ZoneCalendar): BruteForce {
  const visits = new Map<string, SessionState>();
  const products = new Map<string, EventOf<'product_upserted'>>();
  const firstOrders = new Map<string, number>();
  for (const event of events) {
    if ('visitorId' in event) {
      const visit = sessionOf(event as VisitEvent);
      const key = (event as VisitEvent).sessionId;
      if (key === null) continue;
      const known = visits.get(key);
      visits.set(key, known ? mergeSessions(known, visit) : visit);
    }
    if (event.type === 'order_placed' && event.customerId !== null) {
      const known = firstOrders.get(event.customerId) ?? Number.POSITIVE_INFINITY;
      firstOrders.set(event.customerId, Math.min(known, event.eventTime));
    }
    if (event.type !== 'product_upserted') continue;
    const { sku, eventTime: at, eventId: id } = event;
    const known = products.get(sku);
    if (!known || at > known.eventTime || (at === known.eventTime && id > known.eventId))
      products.set(sku, event);
  }
  const settled = [...visits.values()].map((visit) => ({
    ...visit,
    settled: visit.lastTime + SESSION_IDLE_MS <= until,
  }));
  const rowsOf = new Map<string, Counted[]>();
  const counted = (metric: StoredMetric): Counted[] => {
    const known = rowsOf.get(metric.name);
    if (known) return known;
    const isVisit = metric.source.from === 'session';
    const subjects = isVisit
      ? settled
      : events.filter(({ type }) => (metric.source.from as readonly string[]).includes(type));
    const rows = subjects.flatMap((subject) => {
      const time = isVisit ? (subject as SessionState).firstTime : (subject as StoreEvent).eventTime;
      return [...countedRows(metric, subject)].map(({ value, tells }): Counted => {
        const told = (name: string): string => {
          const ofTime = timeDimensions.get(name);
          if (ofTime) return ofTime.valueAt(time, calendar);
          if (name === 'supplier' || name === 'brand')
            return dimensionValue(depthDimensions.get(name)!, products.get(told('sku'))?.[name]);
          if (name === 'coupon')
            return dimensionValue(depthDimensions.get(name)!, (subject as EventOf<'order_placed'>).coupon);
          if (name === 'cohort') {
            const first = firstOrders.get((subject as EventOf<'order_placed'>).customerId ?? '');
            if (first === undefined) return UNKNOWN_VALUE;
            const { year, month } = calendar.localDate(first);
            return `${year}-${String(month).padStart(2, '0')}`;
          }
          return dimensionValue(catalog.dimensions.get(name)!, tells(name));
        };
        return { time, value: value as MeasureValue, tells: told };
      });
    });
    rowsOf.set(metric.name, rows);
    return rows;
  };
  return {
    table: (metric, groupBy, { from, to }, keeps) => {
      const parts = catalog.partsOf(metric) as StoredMetric[];
      const groups = new Map<string, MeasureState[]>();
      parts.forEach((part, i) => {
        for (const { time, value, tells } of counted(part)) {
          if (time < from || time >= to || !keeps(tells)) continue;
          const group = groupBy.map(tells).join('|');
          const states = groups.get(group) ?? parts.map(({ measure }) => aggregators[measure].zero());
          states[i] = aggregators[part.measure].add(states[i]!, value);
          groups.set(group, states);
        }
      });
      return new Map([...groups].map(([group, states]) => [group, amountOf(metric, parts, states)]));
    },
  };
}

function amountOf(
  metric: MetricSpec,
  parts: readonly StoredMetric[],
  states: readonly MeasureState[],
): number | null {
  const read = (name: string) => {
    const i = parts.findIndex((part) => part.name === name);
    return aggregators[parts[i]!.measure].value(states[i]!);
  };
  if (metric.kind === 'stored') return read(metric.name);
  if (metric.kind === 'derived') return evaluate(metric.expression, read);
  if (metric.kind !== 'ratio') throw new RangeError(`${metric.name} is not for brute force`);
  const denominator = evaluate(metric.denominator, read);
  return denominator > 0 ? evaluate(metric.numerator, read) / denominator : null;
}
