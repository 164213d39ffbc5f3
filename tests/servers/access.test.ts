import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePorts } from '@storepulse/local';
import { missingKafkaAccess } from '@storepulse/local/access/kafka-access';
import { missingMongoAccess } from '@storepulse/local/access/mongo-access';
import { createGuard } from '@storepulse/local/processes/guard';
import { createService, type Service } from '@storepulse/local/processes/service';
import { findKafka, findMongod } from '@storepulse/local/programs/find';
import { kafkaService } from '@storepulse/local/servers/kafka';
import { mongodService } from '@storepulse/local/servers/mongod';

let folder: string;
let kafka: Service;
let mongo: Service;
let ports: [number, number, number, number, number];
const guard = createGuard();

/**
 * Beside the open listener one with logins, and rights that only `admin` and the open listener have; and one that is
 * advertised at an address where nobody listens.
 */
const LOGINS = (port: number, moved: number) => `
listeners=PLAINTEXT://127.0.0.1:${ports[0]},CONTROLLER://127.0.0.1:${ports[1]},LOGIN://127.0.0.1:${port},MOVED://127.0.0.1:${moved}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[0]},LOGIN://127.0.0.1:${port},MOVED://127.0.0.1:1
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,MOVED:PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_admin="right" user_guest="right";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
`;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-access-'));
  ports = (await freePorts(5)) as typeof ports;
  const { java, libs } = await findKafka();
  const find = async () => ({ java: java.program, libs: libs.program });
  const plain = kafkaService({
    find,
    folder: join(folder, 'kafka'),
    port: ports[0],
    controllerPort: ports[1],
  });
  const withLogins = async () => {
    const launch = await plain.launch();
    await appendFile(launch.args.at(-1)!, LOGINS(ports[2], ports[4]));
    return launch;
  };
  kafka = createService({ ...plain, launch: withLogins }, { folder, guard });
  const mongod = (await findMongod()).program;
  mongo = createService(
    mongodService({ find: async () => mongod, folder: join(folder, 'mongodb'), port: ports[3] }),
    { folder, guard },
  );
  await Promise.all([kafka.start(), mongo.start()]);
});
after(async () => {
  await Promise.all([kafka.stop(), mongo.stop()]);
  await guard.close();
  rmSync(folder, { recursive: true });
});

const login = (user: string, password: string) => ({
  KAFKA_BROKERS: `127.0.0.1:${ports[2]}`,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_USERNAME: user,
  KAFKA_PASSWORD: password,
});

test('a Kafka where everything is allowed misses nothing', async () => {
  assert.deepEqual(await missingKafkaAccess({ KAFKA_BROKERS: `127.0.0.1:${ports[0]}` }), []);
  assert.deepEqual(await missingKafkaAccess(login('admin', 'right')), []);
});

test('a refused login names the settings to check, and not the password', async () => {
  const [fault, ...others] = await missingKafkaAccess(login('admin', 'wrong-one'));
  assert.deepEqual(others, []);
  assert.match(
    fault!,
    /the login was refused\. Check KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD/,
  );
  assert.doesNotMatch(fault!, /wrong-one/);
});

test('a broker that wants a login hangs up on who has none: the settings of the login are named', async () => {
  const [fault] = await missingKafkaAccess({ KAFKA_BROKERS: `127.0.0.1:${ports[2]}` });
  assert.match(fault!, /may want a login \(KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD\)/);
});

test('a broker that names itself where it can not be reached: advertised.listeners are named', async () => {
  const [fault] = await missingKafkaAccess({ KAFKA_BROKERS: `127.0.0.1:${ports[4]}` });
  assert.match(
    fault!,
    /a broker is at 127\.0\.0\.1:1, which can't be reached from here\. Check advertised\.listeners/,
  );
});

test('a user who may not create topics is told which ones are missing and which right', async () => {
  const [fault] = await missingKafkaAccess(login('guest', 'right'));
  assert.match(
    fault!,
    /the topics shops, customers, .* are not there, and this user can't create them: not authorized\. Grant/,
  );
});

test('more replicas than brokers are told with the setting', async () => {
  const [fault] = await missingKafkaAccess({
    KAFKA_BROKERS: `127.0.0.1:${ports[0]}`,
    TOPIC_REPLICATION_FACTOR: '3',
    TOPIC_PREFIX: 'live.',
  });
  assert.match(fault!, /live\.shops.*fewer brokers than replicas\. Set TOPIC_REPLICATION_FACTOR/);
});

test('a Kafka that does not answer is told with its address', async () => {
  const [free] = await freePorts(1);
  const [fault] = await missingKafkaAccess({ KAFKA_BROKERS: `127.0.0.1:${free}` });
  assert.match(fault!, new RegExp(`Kafka at 127\\.0\\.0\\.1:${free}: .*Check KAFKA_BROKERS`));
});

test('a replica set that may be written misses nothing', async () => {
  assert.deepEqual(
    await missingMongoAccess({ MONGODB_URI: `mongodb://127.0.0.1:${ports[3]}/?replicaSet=rs0` }),
    [],
  );
});

test('a MongoDB that is no replica set is told what that takes away', async () => {
  const [port] = (await freePorts(1)) as [number];
  const uri = `mongodb://127.0.0.1:${port}/`;
  const launch = async () => {
    const data = join(folder, 'alone');
    await mkdir(data);
    const args = ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
    return { command: (await findMongod()).program, args, env: process.env };
  };
  const isReady = async () => !(await missingMongoAccess({ MONGODB_URI: uri }))[0]?.includes('ECONNREFUSED');
  const alone = createService(
    { name: 'alone', launch, isReady, startTimeoutMs: 60_000, stopGraceMs: 5000 },
    { folder, guard },
  );
  await alone.start();
  const [fault] = await missingMongoAccess({ MONGODB_URI: uri });
  await alone.stop();
  assert.match(fault!, /it has no transactions, since it is not a replica set/);
});
