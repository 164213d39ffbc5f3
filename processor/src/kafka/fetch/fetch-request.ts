import { createAPI, protocolErrorsCodesById, type Reader, Writer } from '@platformatic/kafka';

/** From where on a partition is read. */
export interface FetchTarget {
  /** The topic's id: one that was made anew under the same name is not read by mistake. */
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch of the leader that appended the record before `offset`; undefined: not known. */
  readonly epoch: number | undefined;
}

/** A transaction that was given up: what its producer wrote from this offset on does not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** The log was cut off before a position and has gone on otherwise: what both have in common. */
export interface Divergence {
  /** The last epoch that both have. */
  readonly epoch: number;
  /** The offset after its last record. */
  readonly end: number;
}

/** What a broker answers for one partition. */
export interface FetchedPartition {
  readonly topicId: string;
  readonly partition: number;
  /** Kafka's name of what went wrong; `NONE` when nothing did. */
  readonly error: string;
  /** Offset after the log's last record, whether it can be read yet or waits for an open transaction. */
  readonly end: number;
  /** Offset after the last record that can be read: below open transactions. */
  readonly stable: number;
  /** Where the log does not continue what was read before the position; there are no records then. */
  readonly divergence: Divergence | undefined;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they lie in the log; the last may be cut off. */
  readonly bytes: Buffer;
}

const FETCH = 1;
/** The first that names topics by id: brokers from 3.1 on know it, 4.x included. */
const VERSION = 13;
/** Records of open and of aborted transactions are not asked for. */
const READ_COMMITTED = 1;
const NO_SESSION = 0;
const FINAL_EPOCH = -1;
const NONE = -1;

/** How long a broker may wait, in ms, for how much, and how much it may answer, in bytes. */
export interface FetchBounds {
  readonly maxWaitMs: number;
  readonly minBytes: number;
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
  const byTopic = [...Map.groupBy(targets, ({ topicId }) => topicId)];
  return Writer.create()
    .appendInt32(NONE)
    .appendInt32(bounds.maxWaitMs)
    .appendInt32(bounds.minBytes)
    .appendInt32(bounds.maxBytes)
    .appendInt8(READ_COMMITTED)
    .appendInt32(NO_SESSION)
    .appendInt32(FINAL_EPOCH)
    .appendArray(byTopic, (topics, [topicId, ofTopic]) => {
      topics.appendUUID(topicId).appendArray(ofTopic, (partitions, { partition, offset, epoch }) => {
        partitions
          .appendInt32(partition)
          .appendInt32(NONE)
          .appendInt64(BigInt(offset))
          .appendInt32(epoch ?? NONE)
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
    const topicId = reader.readUUID();
    return reader.readArray(() => parsePartition(topicId, reader), true, false);
  });
  return topics.flat();
}

function parsePartition(topicId: string, reader: Reader): FetchedPartition {
  const partition = reader.readInt32();
  const error = nameOf(reader.readInt16());
  const end = Number(reader.readInt64());
  const stable = Number(reader.readInt64());
  reader.readInt64();
  const aborted =
    reader.readNullableArray(() => ({
      producerId: reader.readInt64(),
      firstOffset: Number(reader.readInt64()),
    })) ?? [];
  reader.readInt32();
  const bytes = reader.readBytes();
  return { topicId, partition, error, end, stable, aborted, bytes, divergence: readDivergence(reader) };
}

const DIVERGING_EPOCH = 0;

/** It is among the tagged fields at the end of a partition; what else is there is not needed. */
function readDivergence(reader: Reader): Divergence | undefined {
  let divergence: Divergence | undefined;
  for (let left = reader.readUnsignedVarInt(); left > 0; left--) {
    const tag = reader.readUnsignedVarInt();
    const length = reader.readUnsignedVarInt();
    if (tag !== DIVERGING_EPOCH) {
      reader.skip(length);
      continue;
    }
    divergence = { epoch: reader.readInt32(), end: Number(reader.readInt64()) };
    reader.readTaggedFields();
  }
  return divergence;
}

const nameOf = (code: number): string =>
  (protocolErrorsCodesById as Readonly<Record<string, string>>)[code] ?? `error ${code}`;
