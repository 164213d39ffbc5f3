import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import type { ErrorCode } from '../errors.ts';
import type { MetricStore } from './store.ts';
import { translateStoreError } from './store-errors.ts';

/** What a user is told when reading fails with an error. */
async function told(error: Error): Promise<{ code?: ErrorCode; message: string }> {
  const failing = { shops: () => Promise.reject(error) } as unknown as MetricStore;
  return translateStoreError(failing, async () => undefined)
    .shops()
    .then(
      () => assert.fail('it was read'),
      (translated) => translated,
    );
}

test('a server that is gone is named as such, whatever the driver makes of the lost connection', async () => {
  const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  for (const error of [ended, reset, new MongoNetworkError('connection 3 to 10.0.0.7:27017 closed')]) {
    const { code, message } = await told(error);
    assert.equal(code, 'store_unavailable');
    assert.match(message, /can not be reached.*MONGODB_URI/);
    assert.doesNotMatch(message, /10\.0\.0\.7/);
  }
});

test('a slow read and a refused one differ, and a fault of ours stays what it is', async () => {
  const slow = new MongoServerError({ message: 'operation exceeded time limit', code: 50 });
  assert.equal((await told(slow)).code, 'store_timeout');
  const refused = new MongoServerError({ message: 'not authorized on shop', code: 13 });
  const { code, message } = await told(refused);
  assert.equal(code, 'store_unavailable');
  assert.match(message, /refused/);
  const ours = new TypeError('x is not a function');
  assert.equal(await told(ours), ours);
});
