import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extra } from '../monitoring/members.ts';
import type { TimeScale } from '../monitoring/scale-rules.ts';
import { createGuard } from '../processes/guard.ts';
import { quietly } from '../programs/find.ts';
import { readStackSettings } from '../settings.ts';
import { createMembers, environmentOfParts } from './members.ts';
import { OPTIONAL_PARTS, type PartName } from './stack.ts';

function membersOf(
  environment: Record<string, string>,
  without: readonly PartName[] = [],
  extras: readonly Extra[] = [],
) {
  const settings = readStackSettings(environment);
  return createMembers({
    environment,
    settings,
    dataFolder: '/nowhere',
    find: quietly(environment),
    guard: createGuard(),
    without,
    monitoring: { extras, scale: 30 as TimeScale },
  });
}

test('without any setting every member has its default address', () => {
  const { members } = membersOf({});
  assert.deepEqual(
    members.map(({ name, address }) => `${name} ${address}`),
    [
      'kafka 127.0.0.1:19092',
      'mongodb 127.0.0.1:27018',
      'processor http://127.0.0.1:9465',
      'exporter http://127.0.0.1:9464',
      'collector http://127.0.0.1:8090',
      'simulator http://127.0.0.1:8089',
      'preview http://127.0.0.1:3100',
    ],
  );
});

test('every port can be moved, and the parts are told', () => {
  const { members, settings } = membersOf({
    KAFKA_PORT: '1001',
    MONGODB_PORT: '1002',
    EXPORTER_PORT: '1003',
  });
  assert.equal(settings.KAFKA_BROKERS, '127.0.0.1:1001');
  assert.equal(settings.MONGODB_URI, 'mongodb://127.0.0.1:1002/?replicaSet=rs0');
  assert.equal(settings.EXPORTER_URL, 'http://127.0.0.1:1003');
  const ports = members.flatMap((member) => member.ports.map(({ variable, port }) => `${variable} ${port}`));
  assert.ok(ports.includes('KAFKA_PORT 1001') && ports.includes('EXPORTER_PORT 1003'));
});

test('servers that are given by address are neither started nor do they need a port', () => {
  const { members } = membersOf({
    KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092',
    MONGODB_URI: 'mongodb://db:27017/?replicaSet=rs0',
  });
  for (const member of members.slice(0, 2)) {
    assert.equal(member.service, undefined);
    assert.deepEqual(member.ports, []);
  }
});

test('the login of a given MongoDB is neither shown nor written down', () => {
  const uri = 'mongodb+srv://shop:s3cret@cluster.example.net/storepulse?authSource=admin';
  const { members, settings } = membersOf({ MONGODB_URI: uri });
  assert.equal(members[1]?.address, 'cluster.example.net');
  assert.doesNotMatch(JSON.stringify({ members, settings }), /s3cret/);
});

test('a part that no other one needs can be left out, and nobody is told of it', () => {
  assert.deepEqual(OPTIONAL_PARTS, ['collector', 'simulator', 'preview']);
  const { members, settings } = membersOf({}, ['simulator']);
  assert.ok(members.every(({ name }) => name !== 'simulator'));
  assert.equal(settings.SIMULATOR_URL, undefined);
  assert.equal(settings.COLLECTOR_URL, 'http://127.0.0.1:8090');
});

test('Prometheus starts after all that it watches, and others learn where it is', () => {
  const { members, settings } = membersOf({ PROMETHEUS_PORT: '1004' }, ['simulator'], ['prometheus']);
  const prometheus = members.at(-1)!;
  assert.equal(prometheus.name, 'prometheus');
  assert.deepEqual(prometheus.needs, ['processor', 'exporter', 'collector', 'preview']);
  assert.equal(settings.PROMETHEUS_URL, 'http://127.0.0.1:1004');
  assert.equal(settings.ALERT_TIME_SCALE, '30');
  assert.equal(settings.ALERTMANAGER_URL, undefined);
  assert.equal(prometheus.before, undefined, 'on a quicker scale a game day makes its past');
});

test('the preview learns where Prometheus is when it is started beside the stack, unless another one is named', () => {
  const told = (environment: Record<string, string>, extras: readonly Extra[]) =>
    environmentOfParts(
      {
        environment,
        settings: readStackSettings(environment),
        monitoring: { extras, scale: 30 as TimeScale },
      },
      {},
    ).PROMETHEUS_URL;
  assert.equal(told({ PROMETHEUS_PORT: '1004' }, ['prometheus']), 'http://127.0.0.1:1004');
  assert.equal(told({ PROMETHEUS_URL: 'http://prometheus:9090' }, ['prometheus']), 'http://prometheus:9090');
  assert.equal(told({}, []), undefined);
});

test('with Alertmanager comes the page that shows what it sent, both before Prometheus', () => {
  const { members, settings } = membersOf({}, [], ['prometheus', 'alertmanager']);
  assert.deepEqual(
    members.slice(-3).map(({ name, address }) => `${name} ${address}`),
    [
      'notifications http://127.0.0.1:9099',
      'alertmanager http://127.0.0.1:9093',
      'prometheus http://127.0.0.1:9090',
    ],
  );
  assert.ok(members.at(-1)!.needs.includes('alertmanager'));
  assert.equal(settings.NOTIFICATIONS_URL, 'http://127.0.0.1:9099');
});

test('without them nobody is told of a time scale', () => {
  assert.equal(membersOf({}).settings.ALERT_TIME_SCALE, undefined);
});
