import type { Socket } from 'node:net';
import { problemAnswer, problemOf } from '@storepulse/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorList, HttpError, type HttpErrorCode } from '../errors.ts';

/** Bytes of a request's address: longer ones are refused. */
export const MAX_ADDRESS_BYTES = 8_192;
/** Bytes of a request's address and headers together. */
export const MAX_HEADER_BYTES = 32_768;

/** What a problem may have beside its code and detail. */
export interface ProblemOptions {
  /** Says when to try again. */
  readonly retryAfterS?: number | undefined;
  /** Further members of the body. */
  readonly more?: object;
}

/** Answers with a problem after RFC 9457. */
export function sendProblem<Code extends string>(
  reply: FastifyReply,
  errors: ErrorList<Code>,
  code: Code,
  detail: string,
  { retryAfterS, more }: ProblemOptions = {},
): FastifyReply {
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  return (
    reply
      .code(errors[code].status)
      // Also where the request had no route, and so no hook.
      .header('x-content-type-options', 'nosniff')
      .type('application/problem+json')
      .send(JSON.stringify({ ...problemOf(errors, code, detail), ...more }))
  );
}

/** What a part says of the errors that all parts have. */
export interface ProblemTexts {
  /** Where something is, for who asks where nothing is: `/ lists what there is`. */
  readonly instead: string;
  /** Details of codes. @default what is said of them everywhere */
  readonly details?: Partial<Record<HttpErrorCode, string>>;
  /** Makes the detail of a request that does not fit a schema. @default its message */
  readonly explain?: (error: FastifyError) => string;
}

const DETAILS: Partial<Record<HttpErrorCode, string>> = {
  request_timeout: 'the request did not arrive in time',
  body_too_large: 'send less at once',
  unsupported_media_type: 'send JSON, with "content-type: application/json"',
  address_too_long: `an address may have ${MAX_ADDRESS_BYTES} bytes`,
  headers_too_large: `address and headers may have ${MAX_HEADER_BYTES} bytes together`,
  internal: 'this failed on our side; the log has the cause',
};
/** Codes of statuses that Fastify gives its own errors. */
const CODES: Readonly<Record<number, HttpErrorCode>> = {
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

/** How a part answers what goes wrong. */
export interface ProblemHandlers {
  readonly onError: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  readonly onNowhere: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  /** Answers a request that has no route because of its address. */
  readonly onAddress: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void;
  /** Answers a request that could not even be read, such as one with a body that never ends. */
  readonly onUnreadable: (error: Error, socket: Socket) => void;
}

/** What Node's HTTP server tells of a request that it could not read: `rawPacket` are the last bytes that arrived. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown };

/** Makes every error of a part a problem, unknown addresses included. What failed on our side goes to the log. */
export function problemHandlers<Code extends string>(
  errors: ErrorList<Code | HttpErrorCode>,
  { instead, details, explain = ({ message }) => message }: ProblemTexts,
): ProblemHandlers {
  const detailOf = (code: HttpErrorCode) => details?.[code] ?? DETAILS[code] ?? '';
  const describe = (error: FastifyError): { code: Code | HttpErrorCode; detail: string } => {
    if (error instanceof HttpError) return { code: error.code as Code, detail: error.message };
    const { statusCode = 500 } = error;
    const code = CODES[statusCode];
    if (code !== undefined) return { code, detail: detailOf(code) };
    if (statusCode < 500) return { code: 'invalid_request', detail: explain(error) };
    return { code: 'internal', detail: detailOf('internal') };
  };
  return {
    onError: (error, request, reply) => {
      const { code, detail } = describe(error);
      const { url: route = 'none' } = request.routeOptions;
      // What is told as 503 has its cause where it is not told elsewhere.
      if (code === 'internal' || (errors[code].status > 500 && error.cause !== undefined))
        request.log.error({ err: error, method: request.method, route }, 'request failed');
      const retryAfterS = error instanceof HttpError ? error.retryAfterS : undefined;
      return sendProblem(reply, errors, code, detail, { retryAfterS });
    },
    onNowhere: ({ method, url }, reply) => {
      const path = url.split('?')[0]!.slice(0, 200);
      return sendProblem(reply, errors, 'not_found', `there is nothing at ${method} ${path}: ${instead}`);
    },
    onAddress: ({ code }, _request, reply) => {
      if (code === 'FST_ERR_MAX_PARAM_LENGTH')
        sendProblem(
          reply,
          errors,
          'address_too_long',
          'a part of the address is longer than any that there is',
        );
      else
        sendProblem(
          reply,
          errors,
          'invalid_request',
          'the address is not well-formed: check its percent-encoding',
        );
    },
    onUnreadable: (error: ClientError, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const code = codeOfUnreadable(error);
      const detail = code === 'invalid_request' ? 'this is no HTTP request that can be read' : detailOf(code);
      socket.end(problemAnswer(problemOf(errors, code as Code | HttpErrorCode, detail)));
      // A client that goes on sending would hold the connection half open.
      socket.destroySoon();
    },
  };
}

function codeOfUnreadable({ code, rawPacket }: ClientError): HttpErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (code !== 'HPE_HEADER_OVERFLOW') return 'invalid_request';
  return isAddressTooLong(rawPacket) ? 'address_too_long' : 'headers_too_large';
}

function isAddressTooLong(packet: unknown): boolean {
  if (!Buffer.isBuffer(packet)) return false;
  const end = packet.indexOf('\r\n');
  return end < 0 || end > MAX_ADDRESS_BYTES;
}
