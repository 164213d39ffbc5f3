import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { StackSettings } from '../settings.ts';
import { stackSettings } from './stack-settings.ts';

const ports: StackSettings['ports'] = {
  kafka: 1001,
  kafkaController: 1002,
  mongodb: 1003,
  prometheus: 1004,
  alertmanager: 1005,
  notifications: 1006,
};
const URLS = {
  PROCESSOR_URL: 'http://127.0.0.1:9465',
  EXPORTER_URL: 'http://127.0.0.1:9464',
  COLLECTOR_URL: 'http://127.0.0.1:8090',
  ARCHIVER_URL: 'http://127.0.0.1:9466',
  SIMULATOR_URL: 'http://127.0.0.1:8089',
  PREVIEW_URL: 'http://127.0.0.1:3100',
};

test('servers that are started here are reached at their ports, under the names that were given', () => {
  const environment = { TOPIC_PREFIX: 'shop.', MONGODB_DATABASE: 'shop', TOPIC_PARTITIONS: '' };
  const given = { kafka: undefined, mongodb: undefined };
  assert.deepEqual(stackSettings(environment, { ports, given }), {
    KAFKA_BROKERS: '127.0.0.1:1001',
    MONGODB_URI: 'mongodb://127.0.0.1:1003/?replicaSet=rs0',
    TOPIC_PREFIX: 'shop.',
    MONGODB_DATABASE: 'shop',
    ...URLS,
  });
});

test('servers that were given are reached as they were given; of secrets only their files are told, by full paths', () => {
  const told = {
    KAFKA_BROKERS: 'kafka:9093',
    KAFKA_TLS: 'true',
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_USERNAME: 'shop',
    KAFKA_PASSWORD_FILE: '/run/secrets/kafka',
    TOPIC_PARTITIONS: '8',
    TOPIC_REPLICATION_FACTOR: '3',
  };
  const environment = {
    ...told,
    HOME: '/home/me',
    KAFKA_CA_FILE: 'certificates/ca.pem',
    KAFKA_PASSWORD: 's3cret',
    MONGODB_URI: 'mongodb://shop:s3cret@db/',
    SIMULATOR_API_KEY: 's3cret-of-the-simulator',
    SIMULATOR_API_KEY_FILE: 'simulator.key',
  };
  const given = { kafka: environment.KAFKA_BROKERS, mongodb: environment.MONGODB_URI };
  assert.deepEqual(stackSettings(environment, { ports, given }), {
    ...told,
    KAFKA_CA_FILE: resolve('certificates/ca.pem'),
    SIMULATOR_API_KEY_FILE: resolve('simulator.key'),
    ...URLS,
  });
});

test('a MongoDB whose address is in a file is reached by that file', () => {
  const environment = { MONGODB_URI_FILE: 'mongodb.uri' };
  const settings = stackSettings(environment, { ports, given: { kafka: undefined, mongodb: 'mongodb.uri' } });
  assert.equal(settings.MONGODB_URI_FILE, resolve('mongodb.uri'));
  assert.equal(settings.MONGODB_URI, undefined);
});
