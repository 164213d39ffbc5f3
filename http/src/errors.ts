/** The status and the title of each code of a closed list of errors. */
export type ErrorList<Code extends string = string> = Readonly<
  Record<Code, { readonly status: number; readonly title: string }>
>;

/** What can be wrong with a request to any part. Each part adds its own codes to these. */
export const HTTP_ERRORS = {
  invalid_request: { status: 400, title: 'The request can not be read' },
  unauthorized: { status: 401, title: 'A key is needed' },
  forbidden: { status: 403, title: 'The key may not do this' },
  not_found: { status: 404, title: 'No such address' },
  method_not_allowed: { status: 405, title: 'The address takes other methods' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, title: 'The body is too large' },
  address_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'The body has a type that is not taken' },
  wrong_host: { status: 421, title: 'The request is meant for another host' },
  rate_limited: { status: 429, title: 'The key asks more than it may' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'The part failed' },
  access_unavailable: { status: 503, title: 'Keys can not be checked now' },
} as const satisfies ErrorList;

/** What can be wrong with a request to any part, for programs. */
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A request that is not done. The message says what, where, and what to do: it is the `detail` of the answer. */
export class HttpError<Code extends string = HttpErrorCode> extends Error {
  override readonly name: string = 'HttpError';
  readonly code: Code;
  /** After so many seconds the request may be tried again; undefined: trying again does not help. */
  readonly retryAfterS: number | undefined;

  constructor(code: Code, detail: string, options: ErrorOptions & { readonly retryAfterS?: number } = {}) {
    super(detail, options);
    this.code = code;
    this.retryAfterS = options.retryAfterS;
  }
}
