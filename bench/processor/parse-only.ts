import { type KafkaSettings, kafkaConnection, topicName } from '@storepulse/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { serveMeasurement } from './child.ts';

/** What is measured against: kafkajs consuming and `JSON.parse`, nothing else, in a process of its own. */
const kafka = JSON.parse(process.argv[2]!) as KafkaSettings;
const BYTES_PER_PARTITION = 4 * 1024 * 1024;

let parsed = 0;
/** Of what is parsed, so that nothing can be left out as unused. */
let units = 0;

await serveMeasurement({
  start: async () => {
    const client = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING });
    const consumer = client.consumer({
      groupId: `parse-only-${process.ppid}-${Date.now() >> 16}`,
      maxBytesPerPartition: BYTES_PER_PARTITION,
      maxBytes: 4 * BYTES_PER_PARTITION,
      readUncommitted: false,
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topicName('transactions', kafka)], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) {
          units += (JSON.parse(value!.toString()) as { quantity: number }).quantity;
          parsed++;
        }
      },
    });
    return { stop: () => consumer.disconnect() };
  },
  done: () => (units > 0 ? parsed : 0),
});
