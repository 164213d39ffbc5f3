import type { DataQueryRequest } from '@grafana/data';
import type { BackendSrvRequest } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { DataSource } from '../datasource';
import type { StorepulseQuery } from '../types';
import { aResult } from './fixtures';

/** Answers every query of a request. */
export const answered = ({ data }: BackendSrvRequest) => ({
  results: Object.fromEntries(data.queries.map(({ refId }: { refId: string }) => [refId, aResult()])),
});
/** The requests that ask queries. */
export const posts = (sent: BackendSrvRequest[]) => sent.filter(({ method }) => method === 'POST');
/** What a request asked, but for the ranges and names. */
export const asked = (sent: BackendSrvRequest[]) =>
  posts(sent).flatMap(({ data }) =>
    data.queries.map(({ refId: _refId, range: _range, ...query }: Record<string, unknown>) => query),
  );
/** The texts of the notices of each frame. */
export const noticesOf = ({ data }: { data: Array<{ meta?: { notices?: Array<{ text: string }> } }> }) =>
  data.map(({ meta }) => (meta?.notices ?? []).map(({ text }) => text));
/** What a data source answers last. */
export const ask = (datasource: DataSource, request: DataQueryRequest<StorepulseQuery>) =>
  lastValueFrom(datasource.query(request));
