import type { DataLink } from '@grafana/data';
import type { AskedQuery } from '../query/validateQuery';
import type { StorepulseQuery } from '../types';

/** The data source that links lead to. */
export interface LinkTarget {
  uid: string;
  name: string;
}

/**
 * A link from a value of a split to Explore, with the same query filtered by that value.
 * @param value a reference that Grafana replaces where the link is drawn, such as `${__value.raw}`: a value itself could
 * look like one
 */
export function linkToExplore(asked: AskedQuery, value: string, target: LinkTarget): DataLink[] {
  const { shop, metric, groupBy, interval } = asked;
  if (groupBy === undefined) {
    return [];
  }
  const query: StorepulseQuery = {
    refId: 'A',
    ...{ shop, metric, groupBy },
    ...(interval === undefined ? {} : { interval }),
    filters: [{ dimension: groupBy, operator: 'in', values: [value] }],
  };
  return [
    {
      title: `Explore ${groupBy} "${value}"`,
      url: '',
      internal: { query, datasourceUid: target.uid, datasourceName: target.name },
    },
  ];
}
