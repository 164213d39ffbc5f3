import type { BackendSrv } from '@grafana/runtime';
import type { AnnotationsResponse } from '@storepulse/contracts/api/annotations';
import { type ApiCall, api, type LiveCall } from '@storepulse/contracts/api/calls';
import type { DimensionValuesResponse } from '@storepulse/contracts/api/dimension-values';
import type { EventsPage } from '@storepulse/contracts/live';
import type { QueryFilter } from '@storepulse/contracts/query';
import { firstValueFrom, map, type Observable, tap } from 'rxjs';
import { type AskQuery, batchQueries } from './batchQueries';
import { cacheCatalog } from './cacheCatalog';
import type { Catalog } from './catalog';
import { isRefusal } from './describeFailure';
import { holdAnswers } from './holdAnswers';
import { createInFlightSharing } from './shareInFlight';
import { streamLines } from './streamLines';

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

/** Values of a dimension; earlier exporters tell only them and how many there are. */
export type DimensionValues = Pick<DimensionValuesResponse, 'values' | 'total'> &
  Partial<DimensionValuesResponse>;

/** Which annotations to list: those of a shop that touch a time, epoch ms, and have all of some tags. */
export interface AnnotationsRequest {
  shop: string;
  range: { from: number; to: number };
  /** @default any */
  tags?: string[];
}

/** Something that happened in a shop. */
export type Annotation = AnnotationsResponse['annotations'][number];

/** An event that is kept: the fields of its schema, amounts in whole currency units. */
export type StoredEvent = EventsPage['events'][number];

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
  annotations(request: AnnotationsRequest): Promise<AnnotationsResponse>;
  /** Asks for a list that has an address of its own; equal ones at the same time are one request. */
  list<Answer>(call: ApiCall<Answer>): Observable<Answer>;
  /** Follows a live stream until it is unsubscribed from. */
  follow<Line>(call: LiveCall<Line>): Observable<Line>;
  /** Answers a query, in one request with the others of the same tick; what has not changed since the last time is not asked again. */
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
  incremental = true,
}: {
  baseUrl: string;
  /** False: every query is asked whole. @default true */
  incremental?: boolean;
  fetch: BackendSrv['fetch'];
  chunked: BackendSrv['chunked'];
}): ApiClient {
  const shareInFlight = createInFlightSharing();

  const urlOf = ({ path }: ApiCall<unknown>) => `${baseUrl}/api/v1/${path}`;

  function send<Answer>(call: ApiCall<Answer>): Observable<Answer> {
    const data = call.body === undefined ? {} : { data: call.body };
    return fetch<Answer>({ method: call.method, url: urlOf(call), showErrorAlert: false, ...data }).pipe(
      map((response) => response.data),
    );
  }

  /** Equal calls at the same time are one request. */
  const sendOnce = <Answer>(call: ApiCall<Answer>) => shareInFlight(call.path, () => send(call));

  const catalogs = cacheCatalog(async () => {
    const catalog: Catalog = await firstValueFrom(send(api.catalog()));
    if (!Array.isArray(catalog?.metrics) || !Array.isArray(catalog.shops)) {
      throw new NotStorepulseError('The address answers, but not with a metric catalogue');
    }
    return catalog;
  });

  const askWhole = batchQueries(
    (body) => send(api.query(body)).pipe(tap(({ catalogVersion }) => catalogs.noteVersion(catalogVersion))),
    isRefusal,
  );

  return {
    catalog: catalogs.get,
    peekCatalog: catalogs.peek,
    async dimensionValues({ dimension, shop, contains, range, filters, limit = 100 }) {
      const asked = { shop, limit, contains: contains || undefined, ...range, filters };
      return firstValueFrom(sendOnce(api.dimensionValues(dimension, asked)));
    },
    async annotations({ shop, range, tags = [] }) {
      return firstValueFrom(sendOnce(api.annotations({ shop, ...range, limit: MOST_ANNOTATIONS, tags })));
    },
    follow: (call) => streamLines(chunked({ method: 'GET', url: urlOf(call), showErrorAlert: false })),
    list: sendOnce,
    ask: incremental ? holdAnswers(askWhole, () => catalogs.peek()?.takesHeld === true) : askWhole,
  };
}
