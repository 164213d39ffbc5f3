import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEnvironment } from './environment.ts';

test('tests see none of the settings of a stack that may run beside them', () => {
  const { NODE_OPTIONS, ...rest } = testEnvironment({
    HOME: '/home/me',
    STOREPULSE_CACHE: '/cache',
    STOREPULSE_DATA: '/data',
    KAFKA_BROKERS: 'cluster:9092',
    KAFKA_PASSWORD_FILE: '/secret',
    MONGODB_URI: 'mongodb://db/',
    EXPORTER_PORT: '1',
    KAFKA_PORT: '2',
    NODE_OPTIONS: '--enable-source-maps',
  });
  assert.deepEqual(rest, { HOME: '/home/me', STOREPULSE_CACHE: '/cache' });
  assert.match(NODE_OPTIONS!, /^--enable-source-maps --disable-warning=/);
});
