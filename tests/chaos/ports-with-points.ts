import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import type { GroupConsumer, Kafka, Sender } from '@storepulse/processor/kafka/port';
import type { ProcessorPorts } from '@storepulse/processor/processor';
import { type Database, openDatabase } from '@storepulse/processor/store/database';
import type { ClientSession } from 'mongodb';
import type { CrashPoint } from './crash-points.ts';

type Pass = (point: CrashPoint) => void;

/** The real connections, which tell of every point of the protocol that they come by. */
export function portsWithPoints(pass: Pass): ProcessorPorts {
  let database: Database | undefined;
  const correctsClosed = async (windows: readonly string[]) =>
    (await database!.metrics.countDocuments({ _id: { $in: [...windows] }, final: true }, { limit: 1 })) > 0;
  return {
    openDatabase: async (settings) => {
      database = await openDatabase(settings);
      watchTransactions(database, pass);
      watchMerges(database, pass);
      return database;
    },
    openKafka: (...args) => watchKafka(createKafka(...args), pass, correctsClosed),
  };
}

function watchTransactions({ client }: Database, pass: Pass): void {
  const startSession = client.startSession.bind(client);
  client.startSession = (options) => watchSession(startSession(options), pass);
}

function watchSession(session: ClientSession, pass: Pass): ClientSession {
  const start = session.startTransaction.bind(session);
  const commit = session.commitTransaction.bind(session);
  session.startTransaction = (options) => {
    pass('before-transaction');
    start(options);
  };
  session.commitTransaction = async (options) => {
    pass('in-transaction');
    await commit(options);
    pass('after-transaction');
  };
  return session;
}

function watchMerges({ metrics }: Database, pass: Pass): void {
  const bulkWrite = metrics.bulkWrite.bind(metrics);
  metrics.bulkWrite = async (operations, options) => {
    pass('before-merge-write');
    const result = await bulkWrite(operations, options);
    pass('after-merge-write');
    return result;
  };
}

function watchKafka(
  kafka: Kafka,
  pass: Pass,
  correctsClosed: (windows: readonly string[]) => Promise<boolean>,
): Kafka {
  return {
    ...kafka,
    consumer: (options) => {
      const consumer = kafka.consumer(options);
      if (options.topics.includes('transactions')) return watchPolls(consumer, pass);
      return options.topics.includes('metric-changes') ? watchOffsets(consumer, pass) : consumer;
    },
    sender: async () => watchNotices(await kafka.sender(), pass, correctsClosed),
    transactionalSender: async (id) => {
      const sender = await kafka.transactionalSender(id);
      return {
        ...sender,
        send: async (topic, records) => {
          await sender.send(topic, records);
          pass('after-publish');
        },
      };
    },
  };
}

function watchPolls(consumer: GroupConsumer, pass: Pass): GroupConsumer {
  return {
    ...consumer,
    start: (handlers) =>
      consumer.start({
        ...handlers,
        onBatch: async (batch, control) => {
          pass('after-poll');
          await handlers.onBatch(batch, control);
        },
      }),
  };
}

function watchOffsets(consumer: GroupConsumer, pass: Pass): GroupConsumer {
  return {
    ...consumer,
    commit: async (positions) => {
      pass('before-offset-commit');
      await consumer.commit(positions);
      pass('after-offset-commit');
    },
  };
}

function watchNotices<S extends Sender>(
  sender: S,
  pass: Pass,
  correctsClosed: (windows: readonly string[]) => Promise<boolean>,
): S {
  return {
    ...sender,
    send: async (topic, records) => {
      if (topic !== 'metric-changes') return sender.send(topic, records);
      if (await correctsClosed(records.map(({ key }) => String(key)))) pass('late-correction');
      await sender.send(topic, records);
      pass('after-notice');
    },
  };
}
