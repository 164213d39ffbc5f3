import type { BackendRequest, BackendResponse } from '../grafana/backend-request.ts';
import type {
  EventCounts,
  EventCountsQuery,
  EventLine,
  EventsPage,
  EventsQuery,
  LiveEventsQuery,
  LiveMetricsQuery,
  StreamLine,
  WindowLine,
} from '../live.ts';
import type { QueryRequest, QueryResponse } from '../query.ts';
import type { QueryFilter } from '../query-parts.ts';
import type { RecordPage, RecordsQuery } from '../records/answers.ts';
import type { RecordKind } from '../records/model.ts';
import type { SearchQuery, SearchResponse } from '../records/search.ts';
import type { AnnotationsQuery, AnnotationsResponse } from './annotations.ts';
import type { CatalogResponse } from './catalog.ts';
import type { DimensionValuesQuery, DimensionValuesResponse } from './dimension-values.ts';
import type { FactsRequest, FactsResponse } from './query-facts.ts';

declare const answered: unique symbol;

/** What is asked of the exporter, not yet sent: whoever has a way to send it knows the type of what comes back. */
export interface ApiCall<Answer> {
  readonly method: 'GET' | 'POST';
  /** Behind `/api/v1/`, with its parameters. */
  readonly path: string;
  /** To be sent as JSON; undefined: there is none. */
  readonly body?: unknown;
  /** There for the compiler alone. */
  readonly [answered]?: Answer;
}

/** A stream of lines of JSON. */
export interface LiveCall<Line> extends ApiCall<never> {
  readonly method: 'GET';
  /** There for the compiler alone. */
  readonly line?: Line;
}

/** What a parameter may be; lists are repeated, what is undefined is left out. */
type Parameter = string | number | boolean | readonly (string | number | boolean)[] | undefined;

/**
 * The calls of the exporter's API, typed by the schemas that it checks and documents them by. A call is a value: how it is
 * sent, and with which key, is up to the caller (`overFetch` is one way, Grafana's data proxy another).
 */
export const api = {
  /** Metrics, dimensions and shops. */
  catalog: (): ApiCall<CatalogResponse> => ({ method: 'GET', path: 'catalog' }),
  /** Answers queries with data frames. */
  query: (body: QueryRequest): ApiCall<QueryResponse> => ({ method: 'POST', path: 'query', body }),
  /** The events or visits behind a figure, page by page. */
  queryFacts: (body: FactsRequest): ApiCall<FactsResponse> => ({
    ...{ method: 'POST', path: 'query/facts', body },
  }),
  /** Answers queries as Grafana stores them, with frames as its servers exchange them. */
  grafanaQuery: (body: BackendRequest): ApiCall<BackendResponse> => ({
    ...{ method: 'POST', path: 'grafana/query', body },
  }),
  /** Values that a dimension has had in a shop. */
  dimensionValues: (
    dimension: string,
    { filters = [], ...query }: Omit<DimensionValuesQuery, 'filters'> & { filters?: readonly QueryFilter[] },
  ): ApiCall<DimensionValuesResponse> =>
    get(`dimensions/${encodeURIComponent(dimension)}/values`, {
      ...query,
      filters: filters.length === 0 ? undefined : JSON.stringify(filters),
    }),
  /** What happened in a shop. */
  annotations: (query: AnnotationsQuery): ApiCall<AnnotationsResponse> => get('annotations', query),
  /** A page of orders, customers, products or reviews. */
  records: <Kind extends RecordKind>(kind: Kind, query: RecordsQuery<Kind>): ApiCall<RecordPage<Kind>> =>
    get(kind, query as Record<string, Parameter>),
  /** Records of all kinds that fit a text. */
  search: (query: SearchQuery): ApiCall<SearchResponse> => get('search', query),
  /** A page of the events that are kept. */
  events: (query: EventsQuery): ApiCall<EventsPage> => get('events', query),
  /** How many events are kept, by type and step of time. */
  eventCounts: (query: EventCountsQuery): ApiCall<EventCounts> => get('events/counts', query),
  /** The windows of metrics, as they change. */
  liveMetrics: (query: LiveMetricsQuery): LiveCall<WindowLine | StreamLine> => get('live/metrics', query),
  /** The events that are kept, as they come. */
  liveEvents: (query: LiveEventsQuery): LiveCall<EventLine | StreamLine> => get('live/events', query),
} as const;

function get(path: string, query: Readonly<Record<string, Parameter>>): { method: 'GET'; path: string } {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) if (each !== undefined) search.append(name, String(each));
  return { method: 'GET', path: `${path}?${search}` };
}
