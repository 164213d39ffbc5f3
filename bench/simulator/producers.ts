import { Producer, stringSerializers } from '@platformatic/kafka';
import {
  type EventRecord,
  type KafkaSettings,
  kafkaConnection,
  partitionOf,
  topicName,
} from '@storepulse/contracts';
import { createEngine } from '@storepulse/simulator/run/engine';
import { createBatcher } from '@storepulse/simulator/sink/batches';
import type { EventSink } from '@storepulse/simulator/sink/event-sink';
import { createKafkaProducer } from '@storepulse/simulator/sink/kafka-producer';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { createShopWorld } from '@storepulse/simulator/world/shop-world';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { startBar } from './progress.ts';
import { type Row, rounded } from './report.ts';
import { openStand } from './stand.ts';

/** A way to store records. */
interface Contender {
  readonly name: string;
  readonly sink: EventSink;
  close(): Promise<void>;
}

const ROUNDS = 3;
/** Records before the first round, which make the code warm. */
const WARM_UP = 50_000;

/**
 * CPU seconds that producers need for the same records in the same requests: idempotent, acknowledged by all
 * replicas, not compressed. They take turns; the median of the rounds counts.
 */
export async function measureProducers(events: number): Promise<Row[]> {
  await using stand = await openStand();
  const records = makeRecords(events + WARM_UP);
  const bar = startBar('producers', (ROUNDS + 1) * 3);
  // Makes the topics.
  await (await openKafkaSink({ settings: stand.settings, clientId: 'bench' })).close();
  const contenders = [
    await kafkajsProducer(stand.settings),
    platformaticProducer(stand.settings),
    ownProducer(stand.settings),
  ];
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [turn, { name, sink }] of contenders.entries()) {
        const spent = await cpuSecondsOf(
          sink,
          round === 0 ? records.slice(0, WARM_UP) : records.slice(WARM_UP),
        );
        if (round > 0) times.get(name)!.push(spent);
        bar.update(round * contenders.length + turn + 1);
      }
    }
  } finally {
    bar.stop();
    await Promise.all(contenders.map(({ close }) => close()));
  }
  const perSecond = (name: string) =>
    events / times.get(name)!.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  const base = perSecond(contenders[0]!.name);
  return contenders.map(({ name }) => ({
    producer: name,
    'events per CPU s': rounded(perSecond(name)),
    'times kafkajs': rounded(perSecond(name) / base, 2),
  }));
}

function makeRecords(count: number): EventRecord[] {
  const origin = Date.now();
  const worlds = [createShopWorld({ shop: 'bench', market: 'gb' }, origin)];
  const profile = { profile: 'constant-arrival-rate', rate: 30_000 } as const;
  const engine = createEngine({ seed: 'bench', worlds, origin, profile });
  return Array.from({ length: count }, () => engine.take().record!);
}

async function cpuSecondsOf(sink: EventSink, records: readonly EventRecord[]): Promise<number> {
  const batcher = createBatcher(sink);
  const before = process.cpuUsage();
  for (const record of records) {
    const leaving = batcher.add(record);
    if (leaving) await leaving;
  }
  await batcher.flush();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function ownProducer(settings: KafkaSettings): Contender {
  const producer = createKafkaProducer(settings, 'bench');
  return { name: 'the simulator’s', sink: producer, close: producer.close };
}

async function kafkajsProducer(settings: KafkaSettings): Promise<Contender> {
  const kafka = new Kafka({ ...kafkaConnection(settings), clientId: 'bench', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const send: EventSink['send'] = async (records) => {
    const byTopic = Map.groupBy(records, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, list]) => ({
      topic: topicName(topic, settings),
      messages: list.map(({ key, value, headers }): Message => ({ key, value, headers })),
    }));
    await producer.sendBatch({ acks: -1, topicMessages });
  };
  return { name: 'kafkajs', sink: { send }, close: producer.disconnect };
}

/** With our partitioner: its own works on big integers, and that would be most of what is measured. */
function platformaticProducer(settings: KafkaSettings): Contender {
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: settings.brokers.split(','),
    idempotent: true,
    serializers: stringSerializers,
    partitioner: ({ key }) => partitionOf(key!, 2 ** 31 - 1),
  });
  const send: EventSink['send'] = async (records) => {
    const messages = records.map(({ topic, key, value, headers }) => ({
      topic: topicName(topic, settings),
      ...{ key, value, headers },
    }));
    await producer.send({ messages });
  };
  return { name: '@platformatic/kafka', sink: { send }, close: () => producer.close() };
}
