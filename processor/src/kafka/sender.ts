import { partitionOf, partitionOfBytes, type TopicName } from '@storepulse/contracts';
import type { Message, Producer } from 'kafkajs';
import { PartitionsUnavailable, RecordsTooLarge } from '../errors.ts';
import type { Cluster } from './cluster/cluster.ts';
import { errorTypes } from './error-types.ts';
import type { OutputRecord, Sender } from './port.ts';

/** Largest request of a producer: below the broker's default of 1 MB by a margin for headers. */
const MAX_REQUEST_BYTES = 700_000;
/** How long it is relied on that a partition without a leader has none. */
const LEADERLESS_MS = 1_000;

/** What kafkajs sends at once. */
export type SendRequest = Parameters<Producer['send']>[0];

/** A record with its place: undefined only while the topic is not told of. */
type Placed = OutputRecord & { readonly partition?: number };

/**
 * A sender over kafkajs, which gives up on all records of a request when one of their partitions has no leader. So
 * records of such partitions are kept out of the requests.
 * @param send sends a request, with the retries that are due while a leader changes
 */
export function createSender(options: {
  cluster: Cluster;
  named: (topic: TopicName) => string;
  send: (request: SendRequest) => Promise<unknown>;
  close: () => Promise<void>;
}): Sender & { close(): Promise<void> } {
  const { cluster, named, send, close } = options;

  /** Records without a key go to the partitions that have a leader, in turn. */
  let turn = 0;

  const place = async (topic: string, records: readonly OutputRecord[]): Promise<Placed[]> => {
    const { partitions } = (await cluster.view([topic])).topics.get(topic) ?? { partitions: [] };
    // A topic that is not told of: kafkajs waits for it.
    if (partitions.length === 0) return [...records];
    const count = partitions.length;
    const led = partitions.filter(({ leader }) => leader !== undefined);
    const anywhere = led.length > 0 ? led : partitions;
    return records.map((record) => {
      const { key } = record;
      if (record.partition !== undefined) return record;
      if (key === null) return { ...record, partition: anywhere[turn++ % anywhere.length]!.partition };
      // kafkajs' own choice costs thirty times as much: it calculates with objects that stand for 64-bit numbers.
      const partition = typeof key === 'string' ? partitionOf(key, count) : partitionOfBytes(key, count);
      return { ...record, partition };
    });
  };
  /** By partition, whether it has a leader. */
  const leaders = async (topic: string, maxAgeMs?: number): Promise<ReadonlyMap<number, boolean>> => {
    const view = await cluster.view([topic], maxAgeMs);
    const partitions = view.topics.get(topic)?.partitions ?? [];
    if (maxAgeMs === undefined && partitions.some(({ leader }) => leader === undefined))
      return leaders(topic, LEADERLESS_MS);
    return new Map(partitions.map(({ partition, leader }) => [partition, leader !== undefined]));
  };

  return {
    send: async (ours, records) => {
      const topic = named(ours);
      const tooLarge: OutputRecord[] = [];
      const unavailable: (Placed & { readonly partition: number })[] = [];
      const keepOut = (part: readonly Placed[], hasLeader: ReadonlyMap<number, boolean>): Placed[] =>
        part.filter((record) => {
          const { partition } = record;
          if (partition === undefined || hasLeader.get(partition) !== false) return true;
          unavailable.push({ ...record, partition });
          return false;
        });
      const sendPart = async (part: readonly Placed[]): Promise<void> => {
        if (part.length === 0) return;
        try {
          await send({ topic, acks: -1, messages: part.map(toMessage) });
        } catch (error) {
          if (errorTypes(error).includes('MESSAGE_TOO_LARGE')) {
            if (part.length === 1) {
              tooLarge.push(...part);
              return;
            }
            // A topic may take less than a request of ours holds: it is not said which record is too large.
            const middle = Math.ceil(part.length / 2);
            await sendPart(part.slice(0, middle));
            return await sendPart(part.slice(middle));
          }
          const left = keepOut(part, await leaders(topic, 0));
          if (left.length === part.length) throw error;
          await sendPart(left);
        }
      };
      const placed = keepOut(await place(topic, records), await leaders(topic));
      for (const part of chunksBySize(placed)) await sendPart(part);
      if (unavailable.length > 0) {
        const serving = [...(await leaders(topic))].flatMap(([partition, has]) => (has ? [partition] : []));
        throw new PartitionsUnavailable(topic, { records: unavailable, serving, tooLarge });
      }
      if (tooLarge.length > 0) throw new RecordsTooLarge(topic, tooLarge);
    },
    close,
  };
}

function bytesOf(headers: OutputRecord['headers'] = {}): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) bytes += name.length + (value?.length ?? 0) + 10;
  return bytes;
}

function toMessage({ key, value, headers, partition, timestamp }: OutputRecord): Message {
  return {
    key,
    value,
    ...(headers ? { headers } : {}),
    ...(partition === undefined ? {} : { partition }),
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
  };
}

const sizeOf = (text: Buffer | string | null): number => (text === null ? 0 : Buffer.byteLength(text));

function* chunksBySize(records: readonly OutputRecord[]): Generator<OutputRecord[]> {
  let chunk: OutputRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record.key) + sizeOf(record.value) + bytesOf(record.headers) + 100;
    if (chunk.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
