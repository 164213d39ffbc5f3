import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programEnvironment } from './part-program.ts';

test('a program has the settings of the running stack, and those of the user before them', () => {
  const stack = { KAFKA_BROKERS: 'kafka:9092', TOPIC_PREFIX: 'a.', MONGODB_DATABASE: 'a' };
  assert.deepEqual(programEnvironment({ HOME: '/home/me', TOPIC_PREFIX: 'b.' }, stack), {
    HOME: '/home/me',
    KAFKA_BROKERS: 'kafka:9092',
    TOPIC_PREFIX: 'b.',
    MONGODB_DATABASE: 'a',
  });
});

test('a secret that the user sets is not overruled by the file that the stack reads it from', () => {
  const stack = { MONGODB_URI_FILE: '/run/secrets/mongodb' };
  assert.deepEqual(programEnvironment({}, stack), stack);
  const own = { MONGODB_URI: 'mongodb://db/' };
  assert.deepEqual(programEnvironment(own, stack), own);
  const ownFile = { MONGODB_URI_FILE: '/own' };
  assert.deepEqual(programEnvironment(ownFile, stack), ownFile);
});
