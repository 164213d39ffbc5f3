import { HTTP_ERRORS, HttpError } from '@storepulse/http';

/** Everything that can be wrong with a request, or with us. A closed list: each code has a row in docs/reference/query-api.md. */
export const ERRORS = {
  ...HTTP_ERRORS,
  invalid_request: { status: 400, title: 'The request does not fit the schema' },
  invalid_range: { status: 400, title: 'The time range is empty' },
  unknown_shop: { status: 404, title: 'No such shop' },
  unknown_metric: { status: 400, title: 'No such metric' },
  unknown_dimension: { status: 400, title: 'No such dimension' },
  dimension_not_of_metric: { status: 400, title: 'The metric is not kept by this dimension' },
  unsupported_filter: { status: 400, title: 'The filters need values of two dimensions at once' },
  too_many_points: { status: 400, title: 'The answer would have too many points' },
  too_many_windows: { status: 400, title: 'The query would read too many windows' },
  too_many_facts: { status: 400, title: 'The shop has too many facts' },
  too_many_visits: { status: 400, title: 'The query would read too many visits' },
  too_costly: { status: 400, title: 'The request needs too much computing or memory' },
  depth_off: { status: 409, title: 'The exporter does not read the lake' },
  depth_loading: { status: 503, title: 'The rows of the lake are being read' },
  unknown_value: { status: 400, title: 'The dimension has no such value' },
  no_rate: { status: 400, title: 'There is no exchange rate for it' },
  history_lost: { status: 410, title: 'The stream can not go on there' },
  cancelled: { status: 499, title: 'The client has left' },
  overloaded: { status: 503, title: 'Too much is asked at once' },
  query_timeout: { status: 504, title: 'Answering took too long' },
  store_timeout: { status: 504, title: 'The store took too long' },
  store_unavailable: { status: 503, title: 'The store can not be reached' },
} as const satisfies Record<string, { status: number; title: string }>;

/** What is wrong, for programs. */
export type ErrorCode = keyof typeof ERRORS;

/** A failure that its caller can be told: `message` says what, where, and what to do. */
export class ExporterError extends HttpError<ErrorCode> {
  override readonly name = 'ExporterError';

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(code, detail, { ...options, ...(code === 'overloaded' ? { retryAfterS: RETRY_AFTER_S } : {}) });
  }
}

/** After so many seconds a process that is overloaded has answered what it is at. */
const RETRY_AFTER_S = 2;
