import { problemOf } from '@storepulse/contracts';
import type { FastifyError, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { ERRORS, type ErrorCode, ExporterError } from '../errors.ts';
import type { App } from './type-provider.ts';

/** The body of every error, after RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:storepulse:problem:<code>' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what is wrong, where, and what to do' }),
    code: Type.Union(Object.keys(ERRORS).map((code) => Type.Literal(code as ErrorCode))),
  },
  { description: 'RFC 9457 problem' },
);

/** Answers with a problem. One that passes by itself says when to try again. */
export function sendProblem(reply: FastifyReply, code: ErrorCode, detail: string): FastifyReply {
  if (code === 'overloaded') reply.header('retry-after', RETRY_AFTER_S);
  return reply
    .code(ERRORS[code].status)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(ERRORS, code, detail)));
}

/** After so many seconds a process that is overloaded has answered what it is at. */
const RETRY_AFTER_S = 2;

/** Answers a request that has no route because of its address. */
export function answerAddressError(error: FastifyError, _request: unknown, reply: FastifyReply): void {
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH')
    sendProblem(reply, 'address_too_long', 'a part of the address is longer than any that there is');
  else sendProblem(reply, 'invalid_request', 'the address is not well-formed: check its percent-encoding');
}

/** Makes every error of the server, unknown addresses included, a problem; our own failures go to the log. */
export function useProblems(app: App): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      'not_found',
      `there is nothing at ${request.method} ${request.url.split('?')[0]}; / lists what there is`,
    ),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { code, detail } = describe(error);
    if (code === 'internal' || code === 'store_unavailable')
      request.log.error({ err: error, url: request.url }, 'request failed');
    return sendProblem(reply, code, detail);
  });
}

function describe(error: FastifyError | ExporterError): { code: ErrorCode; detail: string } {
  if (error instanceof ExporterError) return { code: error.code, detail: error.message };
  if (error.statusCode === 408)
    return { code: 'request_timeout', detail: 'the request did not arrive in time' };
  if (error.statusCode === 413)
    return { code: 'body_too_large', detail: 'send fewer queries or filter values at once' };
  if (error.statusCode === 415)
    return { code: 'unsupported_media_type', detail: 'send JSON, with "content-type: application/json"' };
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { code: 'invalid_request', detail: error.message };
  return { code: 'internal', detail: 'this failed on our side; the log has the cause' };
}
