import { type App, HttpError, mayUseShop, type RateLimit, sendProblem } from '@storepulse/http';
import type { FastifyReply } from 'fastify';
import { decompress, tooLarge } from '../body/decompress.ts';
import { itemsOf } from '../body/items.ts';
import { formOf } from '../body/media.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { type IngestDeps, ingest } from '../ingest.ts';
import type { Limits } from '../limits/limits.ts';
import type { Pending } from '../limits/pending.ts';
import { countsOf, type ItemResult } from '../results.ts';
import type { Telemetry } from './telemetry.ts';

/** What the route of events needs. */
export interface EventsRouteDeps extends Omit<IngestDeps, 'maySend'> {
  readonly limits: Limits;
  readonly pending: Pending;
  readonly rate: RateLimit;
  readonly telemetry: Telemetry;
}

/** When Kafka does not take events, it is worth trying again after so long. */
const RETRY_AFTER_S = 5;

/**
 * `POST /v1/events`: one event or many. 200: all of them are in Kafka. 207: some are; each item says what became of
 * it. 422: none is, and sending it again does not help. 503: none is, and it does.
 */
export function eventsRoute(app: App, deps: EventsRouteDeps): void {
  const { limits, pending, rate, telemetry } = deps;
  const free = new WeakMap<object, () => void>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post<{ Body: Buffer | undefined }>(
    '/v1/events',
    {
      config: { access: 'ingest' },
      // Before the body is read: what is too much is not even received.
      onRequest: async ({ headers, raw, caller }, reply) => {
        rate.check(caller.name);
        formOf(headers['content-type']);
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
    async ({ body = Buffer.alloc(0), headers, raw, caller }, reply) => {
      // From here on what is held is held until Kafka has answered, whether or not the client waits for it.
      const release = [free.get(raw)!];
      free.delete(raw);
      try {
        const plain = await decompress(body, headers['content-encoding'], limits.bodyBytes);
        if (plain !== body) release.push(pending.take(plain.length));
        const items = itemsOf(plain, formOf(headers['content-type']), limits);
        rate.spend(caller.name, items.length);
        const results = await ingest(items, { ...deps, maySend: (shop) => mayUseShop(caller, shop) });
        telemetry.countResults(results);
        return answer(reply, results);
      } finally {
        for (const each of release) each();
      }
    },
  );
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof HttpError) telemetry.countRefusal(error.code as ErrorCode);
  });
}

function answer(reply: FastifyReply, items: readonly ItemResult[]): FastifyReply {
  const counts = countsOf(items);
  const taken = counts.accepted + counts.duplicate;
  const retryAfterS = counts.unavailable > 0 ? RETRY_AFTER_S : undefined;
  const more = { ...counts, items };
  if (taken === 0 && counts.unavailable > 0) {
    const detail =
      'none of the events is known to be in Kafka: send those that are "unavailable" again, unchanged';
    return sendProblem(reply, ERRORS, 'kafka_unavailable', detail, { retryAfterS, more });
  }
  if (taken === 0) {
    const first = items[0] as Extract<ItemResult, { code: unknown }>;
    const detail = `each item says why; the first: ${first.path} ${first.message}`;
    return sendProblem(reply, ERRORS, 'nothing_accepted', detail, { more });
  }
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
  return reply
    .code(taken === items.length ? 200 : 207)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(more));
}
