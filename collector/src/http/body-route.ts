import type { App, RateLimit } from '@storepulse/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decompress, tooLarge } from '../body/decompress.ts';
import type { Limits } from '../limits/limits.ts';
import type { Pending } from '../limits/pending.ts';

/** By what a body is let in. */
export interface BodyLimits {
  readonly limits: Limits;
  readonly pending: Pending;
  readonly rate: RateLimit;
}

/** What is done with the bodies that an address takes. */
export interface BodyTaker {
  /** Looks at the headers before the body is read. @throws {HttpError} */
  before(request: FastifyRequest): void;
  /**
   * Takes a body after decompression, and answers.
   * @param spend counts so many events for the rate of the key
   * @throws {HttpError}
   */
  take(
    body: Buffer,
    request: FastifyRequest,
    reply: FastifyReply,
    spend: (events: number) => void,
  ): Promise<FastifyReply>;
}

/**
 * A `POST` that takes a body of events, for keys that may send some: within the rate of the key, the bytes that a body
 * may have, and those that all bodies under way may have.
 */
export function bodyRoute(app: App, url: string, bounds: BodyLimits, taker: BodyTaker): void {
  const { limits, pending, rate } = bounds;
  const free = new WeakMap<object, () => void>();
  app.post<{ Body: Buffer | undefined }>(
    url,
    {
      config: { access: 'ingest' },
      // Before the body is read: what is too much is not even received.
      onRequest: async (request, reply) => {
        const { headers, raw, caller } = request;
        rate.check(caller.name);
        taker.before(request);
        const length = headers['content-length'];
        const bytes = length === undefined ? limits.bodyBytes : Number(length);
        if (bytes > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
        const release = pending.take(bytes);
        free.set(raw, release);
        reply.raw.once('close', () => {
          if (free.get(raw) === release) release();
        });
      },
    },
    async (request, reply) => {
      const { body = Buffer.alloc(0), headers, raw, caller } = request;
      // From here on what is held is held until Kafka has answered, whether or not the client waits for it.
      const release = [free.get(raw)!];
      free.delete(raw);
      try {
        const plain = await decompress(body, headers['content-encoding'], limits.bodyBytes);
        if (plain !== body) release.push(pending.take(plain.length));
        return await taker.take(plain, request, reply, (events) => rate.spend(caller.name, events));
      } finally {
        for (const each of release) each();
      }
    },
  );
}
