import type { BackendSrv } from '@grafana/runtime';
import type { QueryFilter, QueryResponse } from '@storepulse/contracts/query';
import { firstValueFrom, map, type Observable, tap } from 'rxjs';
import { type AskQuery, batchQueries } from './batchQueries';
import { cacheCatalog } from './cacheCatalog';
import type { Catalog } from './catalog';
import { isRefusal } from './describeFailure';
import { createInFlightSharing } from './shareInFlight';
import { type LiveLine, streamLines } from './streamLines';

/** Which values of a dimension to list. */
export interface DimensionValuesRequest {
  dimension: string;
  shop: string;
  /** Text that the values have in them, case aside. @default any */
  contains?: string;
  /** Values that occur in it, epoch ms. @default the shop's whole history */
  range?: { from: number; to: number };
  /** Other filters that hold: those on the same dimension narrow the values. @default none */
  filters?: QueryFilter[];
  /** @default 100 */
  limit?: number;
}

/** Values of a dimension. */
export interface DimensionValues {
  values: string[];
  /** What values are called, by value, where that is told. */
  names?: Record<string, string>;
  /** How many there are before the limit. */
  total: number;
}

/** Which annotations to list: those of a shop that touch a time, epoch ms, and have all of some tags. */
export interface AnnotationsRequest {
  shop: string;
  range: { from: number; to: number };
  /** @default any */
  tags?: string[];
}

/** Something that happened in a shop. */
export interface Annotation {
  id: string;
  /** Epoch ms. */
  start: number;
  /** Epoch ms; `start` for what takes no time, null while it goes on. */
  end: number | null;
  title: string;
  text: string;
  tags: string[];
}

/** Annotations in the order of time. */
export interface AnnotationList {
  annotations: Annotation[];
  /** True when there are so many that earlier ones are left out. */
  truncated: boolean;
}

/** An event that is kept: the fields of its schema, amounts in whole currency units. */
export interface StoredEvent extends Readonly<Record<string, unknown>> {
  type: string;
  eventId: string;
  /** Epoch ms. */
  eventTime: number;
}

/** Events, the latest first. */
export interface EventList {
  events: StoredEvent[];
  /** Null when there are no more. */
  next: string | null;
  /** ISO 4217 code of the amounts. */
  currency: string;
}

/** The exporter's API, reached through Grafana's data proxy. Failures are Grafana's `FetchError`s. */
export interface ApiClient {
  /**
   * Metrics, dimensions and shops: read once, and anew when the exporter tells of another version. Rejects with
   * {@link NotStorepulseError} when something else answers.
   * @param maxAgeMs read anew when it is older. @default any age
   */
  catalog(maxAgeMs?: number): Promise<Catalog>;
  /** The catalogue, if it has been read. */
  peekCatalog(): Catalog | undefined;
  /** Values that a dimension has in a shop. */
  dimensionValues(request: DimensionValuesRequest): Promise<DimensionValues>;
  /** What happened in a shop; of very many, what began last. */
  annotations(request: AnnotationsRequest): Promise<AnnotationList>;
  /** Asks for a list that has an address of its own; equal ones at the same time are one request. */
  list<T>(path: string): Observable<T>;
  /**
   * Follows a live stream until it is unsubscribed from.
   * @param after `id` of the line behind which it goes on. @default its begin
   */
  follow(path: string, search: URLSearchParams, after: string | undefined): Observable<LiveLine>;
  /** Answers a query, in one request with the others of the same tick. */
  ask: AskQuery;
}

/** More could not be told apart on a chart. */
const MOST_ANNOTATIONS = 500;

/** Thrown when the address answers, but not as a Storepulse exporter does. */
export class NotStorepulseError extends Error {
  override readonly name = 'NotStorepulseError';
}

/** Makes a client of the API under `baseUrl`, the data source's proxied address. */
export function createApiClient({
  baseUrl,
  fetch,
  chunked,
}: {
  baseUrl: string;
  fetch: BackendSrv['fetch'];
  chunked: BackendSrv['chunked'];
}): ApiClient {
  const shareInFlight = createInFlightSharing();

  function request<T>(method: 'GET' | 'POST', path: string, data?: unknown): Observable<T> {
    const body = data === undefined ? {} : { data };
    return fetch<T>({ method, url: `${baseUrl}/api/v1/${path}`, showErrorAlert: false, ...body }).pipe(
      map((response) => response.data),
    );
  }

  const catalogs = cacheCatalog(async () => {
    const catalog = await firstValueFrom(request<Catalog>('GET', 'catalog'));
    if (!Array.isArray(catalog?.metrics) || !Array.isArray(catalog.shops)) {
      throw new NotStorepulseError('The address answers, but not with a metric catalogue');
    }
    return catalog;
  });

  return {
    catalog: catalogs.get,
    peekCatalog: catalogs.peek,
    async dimensionValues({ dimension, shop, contains, range, filters = [], limit = 100 }) {
      const search = new URLSearchParams({
        shop,
        limit: String(limit),
        ...(contains ? { contains } : {}),
        ...(range ? { from: String(range.from), to: String(range.to) } : {}),
        ...(filters.length > 0 ? { filters: JSON.stringify(filters) } : {}),
      });
      const path = `dimensions/${encodeURIComponent(dimension)}/values?${search}`;
      return firstValueFrom(shareInFlight(path, () => request<DimensionValues>('GET', path)));
    },
    async annotations({ shop, range, tags = [] }) {
      const search = new URLSearchParams({
        shop,
        from: String(range.from),
        to: String(range.to),
        limit: String(MOST_ANNOTATIONS),
      });
      for (const tag of tags) {
        search.append('tags', tag);
      }
      const path = `annotations?${search}`;
      return firstValueFrom(shareInFlight(path, () => request<AnnotationList>('GET', path)));
    },
    follow(path, search, after) {
      const asked = new URLSearchParams([...search, ...(after === undefined ? [] : [['after', after]])]);
      const url = `${baseUrl}/api/v1/${path}?${asked}`;
      return streamLines(chunked({ method: 'GET', url, showErrorAlert: false }));
    },
    list: (path) => shareInFlight(path, () => request('GET', path)),
    ask: batchQueries(
      (body) =>
        request<QueryResponse>('POST', 'query', body).pipe(
          tap(({ catalogVersion }) => catalogs.noteVersion(catalogVersion)),
        ),
      isRefusal,
    ),
  };
}
