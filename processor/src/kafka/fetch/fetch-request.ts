import { createAPI, protocolErrorsCodesById, type Reader, Writer } from '@platformatic/kafka';

/** From where on a partition is read. */
export interface FetchTarget {
  /** The topic's full name. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A transaction that was given up: what its producer wrote from this offset on does not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What a broker answers for one partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's name of what went wrong; `NONE` when nothing did. */
  readonly error: string;
  /** Offset after the last record that can be read: below open transactions. */
  readonly end: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they lie in the log; the last may be cut off. */
  readonly bytes: Buffer;
}

const FETCH = 1;
/** The newest that names topics by name: brokers from 2.7 on know it, 4.x included. */
const VERSION = 12;
/** Records of open and of aborted transactions are not asked for. */
const READ_COMMITTED = 1;
const NO_SESSION = 0;
const FINAL_EPOCH = -1;
const NONE = -1;

/** How long a broker may wait for the first record, in ms, and how much it may answer, in bytes. */
export interface FetchBounds {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}

/**
 * Asks the broker that leads them for records of partitions. The client's own request makes objects of all records at
 * once; this one leaves them as bytes, and faults to whoever asked, partition by partition.
 */
export const fetchRecords = createAPI<[readonly FetchTarget[], FetchBounds], FetchedPartition[]>(
  FETCH,
  VERSION,
  createRequest,
  (_correlationId, _apiKey, _apiVersion, reader) => parseResponse(reader),
);

function createRequest(targets: readonly FetchTarget[], bounds: FetchBounds): Writer {
  const byTopic = [...Map.groupBy(targets, ({ topic }) => topic)];
  return Writer.create()
    .appendInt32(NONE)
    .appendInt32(bounds.maxWaitMs)
    .appendInt32(1)
    .appendInt32(bounds.maxBytes)
    .appendInt8(READ_COMMITTED)
    .appendInt32(NO_SESSION)
    .appendInt32(FINAL_EPOCH)
    .appendArray(byTopic, (topics, [topic, ofTopic]) => {
      topics.appendString(topic).appendArray(ofTopic, (partitions, { partition, offset }) => {
        partitions
          .appendInt32(partition)
          .appendInt32(NONE)
          .appendInt64(BigInt(offset))
          .appendInt32(NONE)
          .appendInt64(BigInt(NONE))
          .appendInt32(bounds.maxBytesPerPartition);
      });
    })
    .appendArray([], () => undefined)
    .appendString('')
    .appendTaggedFields();
}

function parseResponse(reader: Reader): FetchedPartition[] {
  reader.readInt32();
  const error = reader.readInt16();
  if (error !== 0) throw new Error(`Kafka refused a fetch: ${nameOf(error)}`);
  reader.readInt32();
  const topics = reader.readArray(() => {
    const topic = reader.readString();
    return reader.readArray(() => parsePartition(topic, reader));
  });
  return topics.flat();
}

function parsePartition(topic: string, reader: Reader): FetchedPartition {
  const partition = reader.readInt32();
  const error = nameOf(reader.readInt16());
  reader.readInt64();
  const end = Number(reader.readInt64());
  reader.readInt64();
  const aborted =
    reader.readNullableArray(() => ({
      producerId: reader.readInt64(),
      firstOffset: Number(reader.readInt64()),
    })) ?? [];
  reader.readInt32();
  return { topic, partition, error, end, aborted, bytes: reader.readBytes() };
}

const nameOf = (code: number): string =>
  (protocolErrorsCodesById as Readonly<Record<string, string>>)[code] ?? `error ${code}`;
