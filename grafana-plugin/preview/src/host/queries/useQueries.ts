import { CoreApp, type DataSourceApi } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { nextRefId } from '../explore/exploreState.ts';

/** What a data source begins with where nothing is asked yet. */
export function firstQuery(datasource: DataSourceApi, refId = 'A'): DataQuery {
  return { refId, ...datasource.getDefaultQuery?.(CoreApp.Explore) };
}

/** A list of queries with one more: the data source's first, or a copy. */
export function withOneMore(
  queries: readonly DataQuery[],
  datasource: DataSourceApi,
  copied?: DataQuery,
): DataQuery[] {
  const refId = nextRefId(queries);
  return [...queries, copied ? { ...copied, refId } : firstQuery(datasource, refId)];
}
