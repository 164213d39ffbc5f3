import type { BackendSrv } from '@grafana/runtime';
import type { QueryRequest, QueryResponse } from '@storepulse/contracts/query';
import { firstValueFrom, map, type Observable } from 'rxjs';
import type { Catalog } from './catalog';
import { createInFlightSharing } from './shareInFlight';

/** Which values of a dimension to list. */
export interface DimensionValuesRequest {
  dimension: string;
  shop: string;
  /** Beginning of the values. @default any */
  prefix?: string;
  /** @default 100 */
  limit?: number;
}

/** The exporter's API, reached through Grafana's data proxy. Failures are Grafana's `FetchError`s. */
export interface ApiClient {
  /** Metrics, dimensions and shops. Rejects with {@link NotStorepulseError} when something else answers. */
  catalog(): Promise<Catalog>;
  /** Values that a dimension has in a shop. */
  dimensionValues(request: DimensionValuesRequest): Promise<string[]>;
  /** Answers all queries of one request; cancelled by unsubscribing. */
  query(request: QueryRequest): Observable<QueryResponse>;
}

/** Thrown when the address answers, but not as a Storepulse exporter does. */
export class NotStorepulseError extends Error {
  override readonly name = 'NotStorepulseError';
}

/** Makes a client of the API under `baseUrl`, the data source's proxied address. */
export function createApiClient({
  baseUrl,
  fetch,
}: {
  baseUrl: string;
  fetch: BackendSrv['fetch'];
}): ApiClient {
  const shareInFlight = createInFlightSharing();

  function request<T>(method: 'GET' | 'POST', path: string, data?: unknown): Observable<T> {
    const body = data === undefined ? {} : { data };
    return shareInFlight(`${method} ${path} ${JSON.stringify(data)}`, () =>
      fetch<T>({ method, url: `${baseUrl}/api/v1/${path}`, showErrorAlert: false, ...body }).pipe(
        map((response) => response.data),
      ),
    );
  }

  return {
    async catalog() {
      const catalog = await firstValueFrom(request<Catalog>('GET', 'catalog'));
      if (!Array.isArray(catalog?.metrics) || !Array.isArray(catalog.shops)) {
        throw new NotStorepulseError('The address answers, but not with a metric catalogue');
      }
      return catalog;
    },
    async dimensionValues({ dimension, shop, prefix = '', limit = 100 }) {
      const search = new URLSearchParams({ shop, prefix, limit: String(limit) });
      const path = `dimensions/${encodeURIComponent(dimension)}/values?${search}`;
      return (await firstValueFrom(request<{ values: string[] }>('GET', path))).values;
    },
    query: (body) => request<QueryResponse>('POST', 'query', body),
  };
}
