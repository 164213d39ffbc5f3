import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import {
  KafkaSettingsSchema,
  readSettings,
  readSettingsGroups,
  SettingsError,
  serverSettingsSchema,
  setting,
} from './settings.ts';

test('an empty environment gives the defaults, and optional settings stay unset', () => {
  assert.deepEqual(
    { ...readSettings(KafkaSettingsSchema, {}) },
    { brokers: '127.0.0.1:19092', tls: false, topicPrefix: '', partitions: 4, replicationFactor: 1 },
  );
});

test('numbers and switches are read from their texts', () => {
  const settings = readSettings(KafkaSettingsSchema, { TOPIC_PARTITIONS: '12', KAFKA_TLS: 'true' });
  assert.equal(settings.partitions, 12);
  assert.equal(settings.tls, true);
});

test('every fault is named in one message', () => {
  assert.throws(
    () => readSettings(KafkaSettingsSchema, { TOPIC_PARTITIONS: 'many', KAFKA_BROKERS: 'nowhere' }),
    (error) =>
      error instanceof SettingsError &&
      error.message.includes('TOPIC_PARTITIONS: "many"') &&
      error.message.includes('KAFKA_BROKERS: "nowhere"'),
  );
});

test('the faults of all groups are named in one message, each once', () => {
  const groups = {
    kafka: KafkaSettingsSchema,
    a: serverSettingsSchema('exporter'),
    b: serverSettingsSchema('preview'),
  };
  assert.throws(
    () => readSettingsGroups(groups, { TOPIC_PARTITIONS: 'many', LOG_LEVEL: 'loud' }),
    (error) =>
      error instanceof SettingsError &&
      error.message.split('\n').length === 3 &&
      error.message.includes('TOPIC_PARTITIONS: "many"') &&
      error.message.includes('LOG_LEVEL: "loud"'),
  );
});

test('the value of a secret is never shown', () => {
  const schema = Type.Object({
    key: setting('KEY', Type.String({ pattern: '^a$', description: 'a key' }), { secret: true }),
  });
  assert.throws(
    () => readSettings(schema, { KEY: 'hunter2' }),
    (error) => error instanceof SettingsError && !error.message.includes('hunter2'),
  );
});
