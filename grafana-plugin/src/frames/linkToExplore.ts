import type { DataLink } from '@grafana/data';
import type { AskedQuery } from '../query/validateQuery';
import type { StorepulseQuery } from '../types';

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
  { shop, metric, interval }: AskedQuery,
  { dimension, value }: SplitValue,
  target: LinkTarget,
): DataLink[] {
  const query: StorepulseQuery = {
    refId: 'A',
    ...{ shop, metric, groupBy: dimension },
    ...(interval === undefined ? {} : { interval }),
    filters: [{ dimension, operator: 'in', values: [value] }],
  };
  return [
    {
      title: `Explore ${dimension} "${value}"`,
      url: '',
      internal: { query, datasourceUid: target.uid, datasourceName: target.name },
    },
  ];
}
