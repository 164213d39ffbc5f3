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
    LOG_LEVEL: 'silent',
    PROCESSOR_LATENESS_MS: '0',
    SIMULATOR_SHOPS: 'mine:de',
    SIMULATOR_API_KEY_FILE: '/key',
    SIMULATOR_URL: 'http://127.0.0.1:8089',
    EXPORTER_URL: 'http://127.0.0.1:9464',
    PREVIEW_PORT: '3',
    SIMULATORS: 'no setting of ours',
    NODE_OPTIONS: '--enable-source-maps',
  });
  assert.deepEqual(rest, {
    ...{ HOME: '/home/me', STOREPULSE_CACHE: '/cache', SIMULATORS: 'no setting of ours' },
    GOGC: '400',
  });
  assert.match(NODE_OPTIONS!, /^--enable-source-maps --disable-warning=/);
});
