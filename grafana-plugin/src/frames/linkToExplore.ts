import type { DataLink } from '@grafana/data';
import type { AskedQuery } from '@storepulse/contracts/grafana/validate-query';
import type { StorepulseFilter, StorepulseQuery } from '../types';

/** The data source that links lead to. */
export interface LinkTarget {
  uid: string;
  name: string;
}

/** A value of a split. */
export interface SplitValue {
  dimension: string;
  /**
   * A reference that Grafana replaces where the link is drawn, such as `${__value.raw}`: a value itself could look like
   * one.
   */
  value: string;
}

/** A link from a value of a split to Explore, with the same query filtered by that value. */
export function linkToExplore(
  asked: AskedQuery,
  { dimension, value }: SplitValue,
  target: LinkTarget,
): DataLink[] {
  const query: StorepulseQuery = {
    refId: 'A',
    ...exploredPart(asked),
    groupBy: dimension,
    filters: [...otherFilters(asked, dimension), { dimension, operator: 'in', values: [value] }],
  };
  return [
    {
      title: `Explore ${dimension} "${value}"`,
      url: '',
      internal: { query, datasourceUid: target.uid, datasourceName: target.name },
    },
  ];
}

/**
 * A link from the id of an order to Explore, with the events of that order.
 * @param value a reference that Grafana replaces where the link is drawn
 */
export function linkToEvents(shop: string, value: string, target: LinkTarget): DataLink[] {
  const query: StorepulseQuery = {
    ...{ refId: 'A', queryType: 'events', shop },
    filters: [{ dimension: 'orderId', operator: 'in', values: [value] }],
  };
  return [
    {
      title: `Events of order "${value}"`,
      url: '',
      internal: { query, datasourceUid: target.uid, datasourceName: target.name },
    },
  ];
}

/**
 * A link from the id of a customer to Explore, with the orders of that customer.
 * @param value a reference that Grafana replaces where the link is drawn
 */
export function linkToOrders(shop: string, value: string, target: LinkTarget): DataLink[] {
  const query: StorepulseQuery = {
    ...{ refId: 'A', queryType: 'records', records: 'orders', shop },
    filters: [{ dimension: 'customerId', operator: 'in', values: [value] }],
  };
  return [
    {
      title: `Orders of customer "${value}"`,
      url: '',
      internal: { query, datasourceUid: target.uid, datasourceName: target.name },
    },
  ];
}

/** What is asked, in the shape that is stored. */
function exploredPart(asked: AskedQuery): Partial<StorepulseQuery> {
  const { shop } = asked;
  if (asked.type === 'funnel') {
    return { queryType: 'funnel', shop, steps: asked.steps, ...(asked.open ? { open: true } : {}) };
  }
  return asked.type === 'cohort'
    ? { queryType: 'cohort', shop }
    : {
        shop,
        ...(typeof asked.metric === 'string'
          ? { metric: asked.metric }
          : { metric: asked.metric[0]!, furtherMetrics: asked.metric.slice(1) }),
        ...(asked.interval === undefined ? {} : { interval: asked.interval }),
        ...(asked.currency === undefined ? {} : { currency: asked.currency }),
      };
}

/** The filters of a funnel that hold beside that of the link; figures of metrics are kept by one dimension at a time. */
function otherFilters({ type, filters = [] }: AskedQuery, dimension: string): StorepulseFilter[] {
  return type === 'funnel' ? filters.filter((filter) => filter.dimension !== dimension) : [];
}
