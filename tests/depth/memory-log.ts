import type { TailSource } from '@storepulse/archiver/tail/source';
import { eventRegistry, INPUT_TOPICS, type Shop, type TopicName, zoneCalendar } from '@storepulse/contracts';
import type { LakeTask } from '@storepulse/lake/manifest';
import type { GroupConsumer, LogMark } from '@storepulse/processor/kafka/port';
import type { PlacedEvent } from '../warehouse/lake-of-events.ts';

const PARTITIONS = [0, 1, 2];

/** A log in memory, of which a test shows more and more, and how far a lake of it goes. */
export interface MemoryLog {
  /** Opens it for a tail. */
  readonly open: () => Promise<TailSource>;
  /** By `topic/partition`, all that it will have. */
  readonly logs: ReadonlyMap<string, readonly PlacedEvent[]>;
  /** How many events of a partition can be read. */
  show(id: string, high: number): void;
  highOf(id: string): number;
  /** Notes how far the lake goes. */
  archive(id: string, next: number): void;
  readonly tasks: () => readonly LakeTask[];
  /** Appends a tombstone of a customer, and shows it. */
  erase(key: string): void;
  /** The log goes on elsewhere: who reads it is told that its position is lost. */
  lose(id: string): void;
}

/** Builds a log of some events, of which nothing can be read yet. */
export function memoryLog(shop: Shop, events: readonly PlacedEvent[]): MemoryLog {
  const logs = Map.groupBy(events, ({ topic, partition }) => `${topic}/${partition}`);
  const highs = new Map<string, number>();
  const archived = new Map<string, number>();
  const calendar = zoneCalendar(shop.timeZone);
  const highOf = (id: string) => highs.get(id) ?? 0;
  /** Keys of tombstones by their records. */
  const tombstones = new Map<PlacedEvent, string>();
  const readers = new Set<{ pump: (id: string) => void; lose: (id: string) => void }>();

  const reader = (): GroupConsumer => {
    type Handlers = Parameters<GroupConsumer['start']>[0];
    const positions = new Map<string, number>();
    let handlers: Handlers | undefined;
    let turn: Promise<unknown> = Promise.resolve();
    const pump = (id: string) => {
      const position = positions.get(id);
      const next = highOf(id);
      if (position === undefined || position >= next || !handlers) return;
      positions.set(id, next);
      const [topic, partition] = id.split('/') as [TopicName, string];
      const records = logs.get(id)!.slice(position, next).map(recordOf);
      const batch = { topic, partition: Number(partition), records, next, end: next };
      const control = { resolve: () => undefined, isCurrent: () => true };
      turn = turn.then(() => handlers?.onBatch(batch, control));
    };
    const own = {
      pump,
      lose: (id: string) => {
        const [topic, partition] = id.split('/') as [TopicName, string];
        handlers?.onPositionLost(topic, Number(partition));
      },
    };
    return {
      start: async (given) => {
        handlers = given;
        readers.add(own);
        given.onAssigned(INPUT_TOPICS.map((topic) => ({ topic, partitions: PARTITIONS })));
      },
      seek: (topic: TopicName, partition: number, offset: number, _mark?: LogMark) => {
        positions.set(`${topic}/${partition}`, offset);
      },
      // As Kafka does, it answers a moment later.
      resume: (all) =>
        setImmediate(() => {
          for (const { topic, partitions } of all) for (const each of partitions) pump(`${topic}/${each}`);
        }),
      pause: () => undefined,
      commit: async () => undefined,
      stop: async () => {
        handlers = undefined;
        readers.delete(own);
        await turn;
      },
    };
  };

  const show = (id: string, high: number) => {
    highs.set(id, high);
    for (const { pump } of readers) pump(id);
  };
  return {
    logs,
    highOf,
    show,
    erase: (key) => {
      const own = logs.get('customers/0')!;
      const record = { ...own[0]!, key, offset: own.length, recordTime: own[0]!.recordTime + 1 };
      tombstones.set(record, key);
      own.push(record);
      show('customers/0', own.length);
    },
    archive: (id, next) => {
      archived.set(id, next);
    },
    lose: (id) => {
      for (const { lose } of readers) lose(id);
    },
    tasks: () =>
      [...archived].map(([_id, next]): LakeTask => {
        const [topic, partition] = _id.split('/') as [TopicName, string];
        const task = { _id, topic, partition: Number(partition), next, epoch: 1, seq: 1, seamAt: 0 };
        return { ...task, owner: 'test', fates: {}, updatedAt: new Date(0) };
      }),
    open: async () => ({
      kafka: {
        reader,
        knownBounds: async (topics) => ({
          bounds: new Map(
            topics.map((topic) => [
              topic,
              PARTITIONS.map((partition) => ({ partition, low: 0, high: highOf(`${topic}/${partition}`) })),
            ]),
          ),
          unavailable: [],
        }),
        endOfEpoch: async () => ({ epoch: 0, end: Number.MAX_SAFE_INTEGER }),
      },
      shopOf: () => ({ shop, calendar }),
      decodeBatch: async ({ topic, partition, records }, from) =>
        records
          .filter(({ offset }) => offset >= from)
          .map((record) => {
            const found = logs.get(`${topic}/${partition}`)![record.offset]!;
            const { event } = found;
            const key = tombstones.get(found);
            if (key !== undefined) return { record, decoded: { kind: 'tombstone', key } };
            return { record, decoded: { kind: 'event', event, spec: eventRegistry.get(event.type)! } };
          }),
      close: async () => undefined,
    }),
  };
}

const recordOf = ({ key, offset, recordTime }: PlacedEvent) => ({
  ...{ key: Buffer.from(key), value: Buffer.from('{}'), headers: { schema_version: '1' } },
  ...{ offset, timestamp: recordTime },
});
