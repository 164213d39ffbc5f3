import { type KafkaSettings, kafkaConnection, topicName } from '@storepulse/contracts';
import { createKafka } from '@storepulse/processor/kafka/kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import { serveMeasurement } from './child.ts';

/** What is measured against: consuming and `JSON.parse`, nothing else, in a process of its own. */
export interface ParseOnlyOptions {
  readonly kafka: KafkaSettings;
  /** Who fetches the records: kafkajs, or the processor's own consumer. */
  readonly reader: 'kafkajs' | 'processor';
}

const { kafka, reader } = JSON.parse(process.argv[2]!) as ParseOnlyOptions;
const GROUP = `parse-only-${process.ppid}-${Date.now() >> 16}`;
const BYTES_PER_PARTITION = 4 * 1024 * 1024;

let parsed = 0;
/** Of what is parsed, so that nothing can be left out as unused. */
let units = 0;
const parse = (records: readonly { readonly value: Buffer | null }[]) => {
  for (const { value } of records) {
    units += (JSON.parse(value!.toString()) as { quantity: number }).quantity;
    parsed++;
  }
};

async function readByKafkajs() {
  const client = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING });
  const consumer = client.consumer({
    groupId: GROUP,
    maxBytesPerPartition: BYTES_PER_PARTITION,
    maxBytes: 4 * BYTES_PER_PARTITION,
    readUncommitted: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topicName('transactions', kafka)], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch }) => parse(batch.messages),
  });
  return { stop: () => consumer.disconnect() };
}

async function readByProcessor() {
  const connections = createKafka(kafka, GROUP, pino({ level: 'silent' }));
  const consumer = connections.consumer({
    group: GROUP,
    topics: ['transactions'],
    taskGroupOf: () => 'transactions',
  });
  await consumer.start({
    onAssigned: (assignment) => {
      for (const { topic, partitions } of assignment)
        for (const partition of partitions) consumer.seek(topic, partition, 0);
      consumer.resume(assignment);
    },
    onBatch: async ({ records, next }, { resolve }) => {
      parse(records);
      resolve(next - 1);
    },
    onPositionLost: () => undefined,
    onCrash: (error) => {
      throw error;
    },
  });
  return {
    stop: async () => {
      await consumer.stop();
      await connections.close();
    },
  };
}

await serveMeasurement({
  start: reader === 'kafkajs' ? readByKafkajs : readByProcessor,
  done: () => (units > 0 ? parsed : 0),
});
