import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchFailure } from './batch-failure.ts';

const protocolError = (type: string) => Object.assign(new Error(type), { type, retriable: false });

test('a failure that tells of the membership is laid bare, so that the group is joined again', () => {
  const unknown = protocolError('UNKNOWN_MEMBER_ID');
  const wrapped = Object.assign(new Error('not retriable', { cause: unknown }), { retriable: false });
  assert.equal(batchFailure(wrapped), unknown);
  assert.equal(batchFailure(unknown), unknown);
});

test('any other failure is one to be tried again, whatever it says of itself', () => {
  const final = protocolError('UNKNOWN_SERVER_ERROR');
  const failure = batchFailure(final) as Error & { retriable?: boolean };
  assert.equal(failure.retriable, undefined);
  assert.equal(failure.name, 'Error');
  assert.equal(failure.cause, final);
});
