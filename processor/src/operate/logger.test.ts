import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@storepulse/http';
import { MongoServerError } from 'mongodb';

function logged(error: unknown): string {
  const lines: string[] = [];
  createLogger('processor', 'info', { write: (line) => lines.push(line) }).warn(
    { err: error, task: 'facts/0' },
    'it failed',
  );
  return lines.join('');
}

test('of an error its kind, code, message and place are told', () => {
  const line = JSON.parse(logged(Object.assign(new RangeError('too many'), { code: 'E_MANY' })));
  assert.deepEqual([line.task, line.msg, line.err.type], ['facts/0', 'it failed', 'RangeError']);
  assert.deepEqual([line.err.code, line.err.message], ['E_MANY', 'too many']);
  assert.match(line.err.stack, /logger\.test\.ts/);
});

test('what an error of MongoDB quotes of a document is not', () => {
  const error = new MongoServerError({
    code: 11_000,
    message: 'E11000 duplicate key error collection: shop.customers dup key: { _id: "jane@roe.example" }',
    keyValue: { _id: 'jane@roe.example' },
    writeErrors: [{ err: { op: { email: 'jane@roe.example' } } }],
  });
  const text = logged(new Error('commit failed', { cause: error }));
  assert.match(text, /commit failed.*E11000 duplicate key error/);
  assert.doesNotMatch(text, /jane/);
});
