import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { restIdleQueues } from './idle-request-queues.ts';

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
restIdleQueues();
restIdleQueues();

/** A queue whose requests are noted when they are sent. */
function queue() {
  const sent: number[] = [];
  const made = new RequestQueue({
    maxInFlightRequests: null,
    requestTimeout: 30_000,
    enforceRequestTimeout: false,
    clientId: 'client',
    broker: 'broker',
    logger: { debug: () => undefined, error: () => undefined },
  });
  const push = (correlationId: number) =>
    made.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      requestTimeout: null,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number) =>
    made.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });
  return { made, sent, push, answer };
}

test('a connection without requests that wait sets no timers', (context) => {
  const { made, sent, push, answer } = queue();
  const timers = context.mock.method(globalThis, 'setTimeout');
  push(1);
  answer(1);
  made.checkPendingRequests();
  assert.deepEqual([sent, timers.mock.callCount()], [[1], 0]);
});

test('a request that is held back by throttling is sent once that has ended', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { made, sent, push } = queue();
  made.maybeThrottle(200);
  push(1);
  context.mock.timers.tick(199);
  assert.deepEqual(sent, []);
  context.mock.timers.tick(20);
  assert.deepEqual(sent, [1]);
});
