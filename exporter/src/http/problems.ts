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

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, code: ErrorCode, detail: string): FastifyReply {
  const { status, title } = ERRORS[code];
  const body = { type: `urn:storepulse:problem:${code}`, title, status, detail, code };
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
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
    if (ERRORS[code].status >= 500) request.log.error({ err: error, url: request.url }, 'request failed');
    return sendProblem(reply, code, detail);
  });
}

function describe(error: FastifyError | ExporterError): { code: ErrorCode; detail: string } {
  if (error instanceof ExporterError) return { code: error.code, detail: error.message };
  if (error.statusCode === 413)
    return { code: 'body_too_large', detail: 'send fewer queries or filter values at once' };
  if (error.statusCode === 415)
    return { code: 'unsupported_media_type', detail: 'send JSON, with "content-type: application/json"' };
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { code: 'invalid_request', detail: error.message };
  return { code: 'internal', detail: 'this failed on our side; the log has the cause' };
}
