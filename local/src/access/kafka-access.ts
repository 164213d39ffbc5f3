import {
  type Environment,
  type KafkaSettings,
  KafkaSettingsSchema,
  kafkaAdvice,
  kafkaConnection,
  readSettings,
  TOPICS,
  topicName,
} from '@storepulse/contracts';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { messageOf } from '../errors.ts';

/**
 * Tries what the parts will do on a Kafka cluster that was given by address, changing nothing.
 * @returns what is missing, each in one line; none when all is well
 * @throws {SettingsError} when the settings themselves are not usable
 */
export async function missingKafkaAccess(environment: Environment): Promise<string[]> {
  const settings = readSettings(KafkaSettingsSchema, environment);
  const client = new Kafka({
    ...kafkaConnection(settings),
    clientId: 'storepulse-access-check',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5000,
    requestTimeout: 10_000,
    retry: { retries: 1, initialRetryTime: 200 },
  } as ConstructorParameters<typeof Kafka>[0]);
  const admin = client.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = TOPICS.map((topic) => topicName(topic, settings)).filter((name) => !existing.has(name));
    return missing.length === 0 ? [] : await missingCreation(admin, missing, settings);
  } catch (error) {
    return [`Kafka at ${settings.brokers}: ${explain(error, settings)}`];
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Asks the cluster whether it would create the topics that are not there yet. */
async function missingCreation(admin: Admin, topics: string[], settings: KafkaSettings): Promise<string[]> {
  const { partitions, replicationFactor } = settings;
  const wanted = topics.map((topic) => ({ topic, numPartitions: partitions, replicationFactor }));
  try {
    // Nothing is created, so there are no leaders to wait for.
    await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: wanted });
    return [];
  } catch (error) {
    const refusals = (error as { errors?: Error[] }).errors ?? [error];
    const reasons = new Set(refusals.map((refusal) => explain(refusal, settings)));
    return [
      `Kafka: the topics ${topics.join(', ')} are not there, and this user can't create them: ${[...reasons].join('; ')}`,
    ];
  }
}

/** kafkajs' errors in a reader's words, with what to do. */
function explain(error: unknown, settings: KafkaSettings): string {
  const { type, name } = error as { type?: string; name?: string };
  if (name === 'KafkaJSSASLAuthenticationError') {
    return 'the login was refused. Check KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD';
  }
  if (type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'CLUSTER_AUTHORIZATION_FAILED') {
    return 'not authorized. Grant the user Create on the cluster (or on the topics with its prefix), or create the topics for it';
  }
  if (type === 'INVALID_REPLICATION_FACTOR') {
    return 'there are fewer brokers than replicas. Set TOPIC_REPLICATION_FACTOR to at most the number of brokers';
  }
  if (type === 'POLICY_VIOLATION') return `the cluster's policy forbids them (${messageOf(error)})`;
  return `${messageOf(error).replace(/\.$/, '')}. ${kafkaAdvice(error, settings) ?? 'Check KAFKA_BROKERS, KAFKA_TLS and KAFKA_CA_FILE'}`;
}
