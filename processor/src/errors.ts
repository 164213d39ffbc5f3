import { type KafkaSettings, kafkaAdvice } from '@storepulse/contracts';
import { CodedError } from '@storepulse/contracts/coded-error';
import type { OutputRecord } from './kafka/port.ts';

/** Why the processor refuses to start, gives a task up, or can't do what its command line asks. A closed list. */
export type ProcessorErrorCode =
  | 'PARTITIONS_CHANGED'
  | 'PARTITIONS_DIFFER'
  | 'METRIC_CHANGED'
  | 'METRIC_MISSING'
  | 'CATALOG_CHANGED'
  | 'REBUILD_REFUSED'
  | 'LAYOUT_UNKNOWN'
  | 'SERVER_UNREACHABLE'
  | 'SHOPS_NOT_READ'
  | 'FENCED'
  | 'CONFLICT'
  | 'FOREIGN_PARTITIONER'
  | 'COMMIT_TOO_LARGE'
  | 'DEAD_LETTERS_UNREADABLE'
  | 'NO_SUCH_DEAD_LETTER'
  | 'NOTHING_SELECTED';

/** An error with a code of the closed list; its message says what to do. */
export class ProcessorError extends CodedError<ProcessorErrorCode> {
  override readonly name = 'ProcessorError';
}

/** Kafka does not take these records, each of them larger than its topic allows; the others were sent. */
export class RecordsTooLarge extends Error {
  override readonly name = 'RecordsTooLarge';
  readonly records: readonly OutputRecord[];

  constructor(topic: string, records: readonly OutputRecord[]) {
    super(`${records.length} records are larger than max.message.bytes of the topic ${topic} allows`);
    this.records = records;
  }

  /** Keys of the records, as text. */
  get keys(): readonly string[] {
    return this.records.map(({ key }) => String(key));
  }
}

/** Kafka can't take these records now, since their partitions have no leader; the others were sent. */
export class PartitionsUnavailable extends Error {
  override readonly name = 'PartitionsUnavailable';
  /** The records that were not sent, with the partitions that they belong on. */
  readonly records: readonly (OutputRecord & { readonly partition: number })[];
  /** Partitions of the topic that have leaders. */
  readonly serving: readonly number[];
  /** Further records that the topic does not take, since they are too large for it. */
  readonly tooLarge: readonly OutputRecord[];

  constructor(
    topic: string,
    { records, serving, tooLarge }: Pick<PartitionsUnavailable, 'records' | 'serving' | 'tooLarge'>,
  ) {
    const partitions = [...new Set(records.map(({ partition }) => partition))].sort((a, b) => a - b);
    super(`the topic ${topic} has partitions without a leader: ${partitions.join(', ')}`);
    this.records = records;
    this.serving = serving;
    this.tooLarge = tooLarge;
  }
}

/** For the failure of a first connection to MongoDB. */
export const unusableMongo = unusable('MongoDB', () => 'Is it running? MONGODB_URI names its address.');

/** For the failure of a first connection to Kafka. */
export function unusableKafka(settings: KafkaSettings): (error: Error) => never {
  return unusable(
    `Kafka at ${settings.brokers}`,
    (error) => kafkaAdvice(error, settings) ?? 'Is it running? KAFKA_BROKERS names its address.',
  );
}

/** Names the server, what it said, and what to do. */
function unusable(server: string, adviceOn: (error: Error) => string): (error: Error) => never {
  return (cause) => {
    const message = `${server} can't be used: ${cause.message.replace(/\.$/, '')}. ${adviceOn(cause)}`;
    throw new ProcessorError('SERVER_UNREACHABLE', message, { cause });
  };
}
