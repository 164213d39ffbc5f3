import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSettings } from '@storepulse/contracts';
import { createKafkaProducer } from '@storepulse/simulator/sink/kafka-producer';
import { serveMeasurement } from '../processor/child.ts';
import { createEvents } from '../workload/events.ts';
import { toItemRecord } from '../workload/preload.ts';

/** What the sending process is told. */
export interface ProduceOptions {
  readonly kafka: KafkaSettings;
  readonly partitions: number;
  /** Instant of the first event, epoch ms. */
  readonly begin: number;
  /** Events per second, each due at its own time whatever became of the ones before. */
  readonly rate: number;
  readonly count: number;
}

/** How often what has become due is sent. */
const TICK_MS = 5;
/** Most events of one request. */
const BATCH = 2_000;

const { kafka, partitions, begin, rate, count } = JSON.parse(process.argv[2]!) as ProduceOptions;
const event = createEvents('latency', { begin, partitions });
const producer = createKafkaProducer(kafka, 'bench-latency');
let sent = 0;

async function sendAll(): Promise<void> {
  let made = 0;
  while (made < count) {
    await sleep(TICK_MS);
    const due = Math.min(count, Math.floor(((Date.now() - begin) * rate) / 1_000));
    while (made < due) {
      const size = Math.min(BATCH, due - made);
      const records = Array.from({ length: size }, (_, i) => {
        const eventTime = Math.floor(begin + ((made + i) * 1_000) / rate);
        return toItemRecord({ ...event(made + i), eventTime });
      });
      made += size;
      // Not waited for: what is due next is due whether or not this is stored yet.
      void producer.send(records).then(() => {
        sent += size;
      });
    }
  }
}

await serveMeasurement({
  start: async () => {
    void sendAll();
    return { stop: () => producer.close() };
  },
  done: () => sent,
});
