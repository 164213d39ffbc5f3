import type { DataQueryError, DataQueryRequest } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import type { MetricQuery, QueryRequest } from '@storepulse/contracts/query';
import type { Catalog } from '../api/catalog';
import type { FrameOptions } from '../frames/toDataFrames';
import type { StorepulseQuery } from '../types';
import { applyAdHocFilters } from './applyAdHocFilters';
import { interpolateQuery } from './interpolateQuery';
import { toApiQuery } from './toApiQuery';

/** All queries of a panel as one request, and what is needed to present the answer. */
export interface PreparedRequest {
  body: QueryRequest;
  options: Map<string, FrameOptions>;
  /** Of queries that can't be sent. */
  errors: DataQueryError[];
}

/** What a request is prepared with. */
export interface PrepareContext {
  templateSrv: TemplateSrv;
  defaultShop: string | undefined;
  /** Needed for ad hoc filters only. */
  catalog: Catalog | undefined;
}

/** Puts all queries of a panel into one request: variables replaced, ad hoc filters applied. */
export function prepareRequest(
  request: DataQueryRequest<StorepulseQuery>,
  context: PrepareContext,
): PreparedRequest {
  const options = new Map<string, FrameOptions>();
  const errors: DataQueryError[] = [];
  const queries: MetricQuery[] = [];
  for (const target of request.targets) {
    try {
      const interpolated = interpolateQuery(target, context.templateSrv, request.scopedVars);
      const metric = context.catalog?.metrics.find(({ name }) => name === interpolated.metric);
      const { query, remarks } = applyAdHocFilters(interpolated, request.filters ?? [], metric);
      const sent = toApiQuery(query, context.defaultShop);
      queries.push(sent);
      options.set(target.refId, { sent, exact: target.exact ?? false, remarks });
    } catch (error) {
      errors.push({ refId: target.refId, message: error instanceof Error ? error.message : String(error) });
    }
  }
  const { range, maxDataPoints } = request;
  return {
    body: {
      range: { from: range.from.valueOf(), to: range.to.valueOf() },
      queries,
      ...(maxDataPoints ? { maxDataPoints: Math.min(Math.max(Math.round(maxDataPoints), 1), 11_000) } : {}),
    },
    options,
    errors,
  };
}
