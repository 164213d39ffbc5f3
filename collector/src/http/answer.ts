import { sendProblem } from '@storepulse/http';
import type { FastifyReply } from 'fastify';
import { ERRORS } from '../errors.ts';
import { countsOf, type ItemResult, type RowResult } from '../results.ts';

/** When Kafka does not take events, it is worth trying again after so long. */
const RETRY_AFTER_S = 5;

/**
 * Answers with what became of each item of a request. 200: all are in Kafka. 207: some are. 422: none is, and sending
 * it again does not help. 503: none is, and it does.
 * @param name what the items are called: `items` or `rows`
 */
export function answer(
  reply: FastifyReply,
  name: 'items' | 'rows',
  items: readonly (ItemResult | RowResult)[],
): FastifyReply {
  const counts = countsOf(items);
  const taken = counts.accepted + counts.duplicate;
  const retryAfterS = counts.unavailable > 0 ? RETRY_AFTER_S : undefined;
  const more = { ...counts, [name]: items };
  if (taken === 0 && counts.unavailable > 0) {
    const what = name === 'items' ? 'events' : 'rows';
    const detail = `none of the ${what} is known to be in Kafka: send those that are "unavailable" again, unchanged`;
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
