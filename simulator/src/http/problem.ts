import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROFILE_NAMES } from '../load/profile.ts';

/** An error body as RFC 9457 has it, with a stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, problem: Omit<Problem, 'type'>): FastifyReply {
  const body: Problem = { type: 'about:blank', ...problem };
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(body));
}

/** A request that is understood and not done: its sender is told why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** Turns what a route threw, or what its schema refused, into a problem; a bug shows no more than that it is one. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) {
    const code = error.validation
      ? 'bad-request'
      : (error.code ?? 'bad-request').toLowerCase().replaceAll('_', '-');
    return sendProblem(reply, { status, title: 'The request does not fit', detail: explain(error), code });
  }
  request.log.error({ err: error }, 'a request failed');
  return sendProblem(reply, {
    status: 500,
    title: 'The simulator failed',
    detail: 'The log has the cause.',
    code: 'internal',
  });
}

/** Answers for a path that does not exist. */
export function handleNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    status: 404,
    title: 'Not found',
    detail: `${request.method} ${request.url} does not exist; /openapi.json lists what does`,
    code: 'not-found',
  });
}

/** What does not fit, with the values that would where there is a list of them. */
function explain({ message, validation = [], validationContext: part }: FastifyError): string {
  const [first] = validation;
  if (validation.some(({ keyword }) => keyword === 'anyOf')) {
    // Each alternative has its complaint: the one that came furthest into the request is of the one that was meant.
    const [meant] = [...validation].sort((a, b) => b.instancePath.length - a.instancePath.length);
    return `${part}${meant!.instancePath} ${meant!.message}`;
  }
  if (first?.keyword === 'enum') return `${message}: ${(first.params.allowedValues as string[]).join(', ')}`;
  if (first?.keyword === 'discriminator') return `profile must be one of: ${PROFILE_NAMES.join(', ')}`;
  return message;
}
