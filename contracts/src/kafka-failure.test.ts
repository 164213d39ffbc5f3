import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaAdvice } from './kafka-failure.ts';

const settings = { brokers: 'kafka.example:9092, other.example:9092' };
const withName = (name: string, more: object = {}) => Object.assign(new Error('failed'), { name, ...more });

test('a login that is refused names the settings of the login, whichever client tells it and however deep', () => {
  for (const error of [
    withName('KafkaJSSASLAuthenticationError'),
    new Error('failed', { cause: withName('Error', { code: 'PLT_KFK_AUTHENTICATION' }) }),
    new AggregateError([withName('Error', { code: 'PLT_KFK_AUTHENTICATION' })]),
  ])
    assert.match(kafkaAdvice(error, settings)!, /KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD/);
});

test('an address that nobody configured comes from the cluster: advertised.listeners are named', () => {
  for (const error of [
    withName('KafkaJSConnectionError', { broker: 'inside:9092' }),
    new Error('failed', { cause: new Error('Connection to inside:9092 failed.') }),
  ])
    assert.match(kafkaAdvice(error, settings)!, /a broker is at inside:9092, .+advertised\.listeners/);
});

test('of a configured address that does not answer nothing more is known', () => {
  for (const error of [
    new Error('Connection to other.example:9092 failed.'),
    withName('KafkaJSConnectionError', { broker: 'kafka.example:9092' }),
    'no error at all',
  ])
    assert.equal(kafkaAdvice(error, settings), undefined);
});

test('a broker that hangs up may want a login, unless there is one', () => {
  const closed = new Error('Connection closed');
  assert.match(kafkaAdvice(closed, settings)!, /may want a login \(KAFKA_SASL_MECHANISM.+KAFKA_TLS/);
  assert.equal(kafkaAdvice(closed, { ...settings, saslMechanism: 'plain' }), undefined);
});
