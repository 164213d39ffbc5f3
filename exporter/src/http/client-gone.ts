import type { FastifyReply } from 'fastify';

/**
 * Aborted when the client closes the connection before it has its answer. Fastify's `request.signal` is aborted when
 * the request has been read, which a body is before the answer begins.
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
