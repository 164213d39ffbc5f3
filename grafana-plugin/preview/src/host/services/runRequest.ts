import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  LoadingState,
  type PanelData,
} from '@grafana/data';
import { catchError, from, isObservable, map, type Observable, of, startWith } from 'rxjs';

type Query = (request: DataQueryRequest) => ReturnType<DataSourceApi['query']>;

/**
 * Runs a panel's or variable's request, reduced from what Grafana does: loading at first, then each response, an error
 * as data of the panel.
 * @param query asked instead of the data source's own, as variables do
 */
export function runRequest(
  datasource: DataSourceApi,
  request: DataQueryRequest,
  query: Query = (asked) => datasource.query(asked),
): Observable<PanelData> {
  const base = { request, timeRange: request.range };
  const answer = query(request);
  return (isObservable(answer) ? answer : from(answer)).pipe(
    map((response) => toPanelData(response, base)),
    catchError((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      return of({ ...base, state: LoadingState.Error, series: [], errors: [{ message }] });
    }),
    startWith({ ...base, state: LoadingState.Loading, series: [] }),
  );
}

function toPanelData(
  { data, errors, state = LoadingState.Done }: DataQueryResponse,
  base: Pick<PanelData, 'request' | 'timeRange'>,
): PanelData {
  // Options of variables are no frames; they pass through here as Grafana lets them.
  const series: DataFrame[] = data;
  const [error] = errors ?? [];
  return error ? { ...base, state, series, errors: errors ?? [], error } : { ...base, state, series };
}
