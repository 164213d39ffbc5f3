import {
  CoreApp,
  type DataQueryRequest,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  rangeUtil,
  type TimeRange,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { useEffect, useState } from 'react';
import { runRequest } from '../services/runRequest.ts';

/** What is asked, and of whom. */
export interface Asked {
  datasource: DataSourceApi;
  queries: readonly DataQuery[];
  range: TimeRange;
  /** Points that the answer may have. @default as many as fit on a wide screen */
  points?: number;
}

const MAX_DATA_POINTS = 800;

/**
 * The answer to queries, which is asked for anew when what is asked changes, and followed while it streams. The answer
 * of before stays, with the request that it is of, until the next one is there.
 */
export function useAnswer({ datasource, queries, range, points = MAX_DATA_POINTS }: Asked): PanelData {
  const [data, setData] = useState<PanelData>({
    state: LoadingState.NotStarted,
    series: [],
    timeRange: range,
  });
  useEffect(() => {
    const asked = queries.filter(({ hide }) => !hide);
    if (asked.length === 0) {
      setData({ state: LoadingState.Done, series: [], timeRange: range });
      return;
    }
    const answers = runRequest(datasource, requestFor({ datasource, queries: asked, range, points }));
    const following = answers.subscribe((next) =>
      setData((before) =>
        isAwaited(next) && before.series.length > 0 ? { ...before, state: next.state } : next,
      ),
    );
    return () => following.unsubscribe();
  }, [datasource, queries, range, points]);
  return data;
}

function isAwaited({ state, series }: PanelData): boolean {
  return state === LoadingState.Loading && series.length === 0;
}

/** The queries that an answer is of; those that are asked while there is none. */
export function answeredQueries({ request }: PanelData, asked: readonly DataQuery[]): readonly DataQuery[] {
  return request?.targets ?? asked;
}

function requestFor({ datasource, queries, range, points }: Required<Asked>): DataQueryRequest {
  const { interval, intervalMs } = rangeUtil.calculateInterval(range, points);
  const scopedVars = {
    __interval: { text: interval, value: interval },
    __interval_ms: { text: String(intervalMs), value: intervalMs },
  };
  return {
    ...{ app: CoreApp.Explore, requestId: 'explore', timezone: 'browser', startTime: Date.now() },
    ...{ range, rangeRaw: range.raw, interval, intervalMs, maxDataPoints: points, scopedVars },
    targets: queries.map((query) => ({ ...query, datasource: datasource.getRef() })),
  };
}
