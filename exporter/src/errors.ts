/** Everything that can be wrong with a request, or with us. A closed list: each code has a row in docs/reference/query-api.md. */
export const ERRORS = {
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
  too_costly: { status: 400, title: 'The request needs too much computing or memory' },
  unknown_value: { status: 400, title: 'The dimension has no such value' },
  cancelled: { status: 499, title: 'The client has left' },
  wrong_host: { status: 421, title: 'The request is meant for another host' },
  not_found: { status: 404, title: 'No such address' },
  method_not_allowed: { status: 405, title: 'The address takes other methods' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, title: 'The request body is too large' },
  address_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'The request body is not JSON' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  overloaded: { status: 503, title: 'Too much is asked at once' },
  query_timeout: { status: 504, title: 'Answering took too long' },
  store_timeout: { status: 504, title: 'The store took too long' },
  store_unavailable: { status: 503, title: 'The store can not be reached' },
  internal: { status: 500, title: 'The exporter failed' },
} as const satisfies Record<string, { status: number; title: string }>;

/** What is wrong, for programs. */
export type ErrorCode = keyof typeof ERRORS;

/** A failure that its caller can be told: `message` says what, where, and what to do. */
export class ExporterError extends Error {
  override readonly name = 'ExporterError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
