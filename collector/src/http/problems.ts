import type { Socket } from 'node:net';
import { problemAnswer, problemOf } from '@storepulse/contracts';
import type { FastifyError, FastifyReply } from 'fastify';
import { CollectorError, ERRORS, type ErrorCode } from '../errors.ts';
import type { App } from './types.ts';

/**
 * Answers with a problem.
 * @param options.retryAfterS says when to try again
 * @param options.more further members of the body
 */
export function sendProblem(
  reply: FastifyReply,
  code: ErrorCode,
  detail: string,
  options: { readonly retryAfterS?: number | undefined; readonly more?: object } = {},
): FastifyReply {
  const { retryAfterS, more } = options;
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  return reply
    .code(ERRORS[code].status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problemOf(ERRORS, code, detail), ...more }));
}

/** Makes every error of the server, unknown addresses included, a problem; our own failures go to the log. */
export function useProblems(app: App): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const each of [method].flat()) known.add(each);
    methods.set(url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const known = methods.get(path);
    if (known === undefined) {
      const detail = `there is nothing at ${request.method} ${path.slice(0, 200)}: events go to POST /v1/events`;
      return sendProblem(reply, 'not_found', detail);
    }
    const allow = [...known].sort().join(', ');
    const detail = `${path} takes ${allow}, not ${request.method}`;
    return sendProblem(reply.header('allow', allow), 'method_not_allowed', detail);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof CollectorError) {
      return sendProblem(reply, error.code, error.message, { retryAfterS: error.retryAfterS });
    }
    const { code, detail } = describe(error);
    if (code === 'internal') request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, code, detail);
  });
}

function describe({ statusCode, message }: FastifyError): { code: ErrorCode; detail: string } {
  if (statusCode === 408) return { code: 'request_timeout', detail: 'the request did not arrive in time' };
  if (statusCode === 413) return { code: 'body_too_large', detail: 'send fewer events at once' };
  if (statusCode !== undefined && statusCode < 500) return { code: 'invalid_request', detail: message };
  return { code: 'internal', detail: 'this failed on our side; the log has the cause' };
}

/** Answers a request that could not even be read with a problem. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const code = isLate ? 'request_timeout' : 'invalid_request';
  const detail = isLate ? 'the request did not arrive in time' : 'this is no HTTP request that can be read';
  socket.end(problemAnswer(problemOf(ERRORS, code, detail)));
  // A client that goes on sending would hold the connection half open.
  socket.destroySoon();
}
