import {
  DEAD_LETTER_HEADERS,
  DEAD_LETTER_REASONS,
  type DeadLetterReason,
  INPUT_TOPICS,
  type TopicName,
} from '@storepulse/contracts';
import type { InputRecord, OutputRecord } from '../kafka/port.ts';

/** Where a dead letter lay before, and when it was sent there. */
export interface Origin {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** The record's own time, epoch ms: what its event time was judged by. */
  readonly timestamp: number;
}

/** One record of the topic `dead-letter`. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: number;
  /** When it became a dead letter, epoch ms. */
  readonly time: number;
  /** Why; undefined when the record was not put there by the processor. */
  readonly reason: DeadLetterReason | undefined;
  readonly detail: string;
  /** Undefined when the record was not put there by the processor. */
  readonly origin: Origin | undefined;
  /** Bytes of its whole value, where the topic took the beginning alone; undefined: the record is whole. */
  readonly cutFrom: number | undefined;
  readonly record: InputRecord;
}

/** `partition:offset`, which names a letter for ever. */
export const positionOf = ({ partition, offset }: Pick<DeadLetter, 'partition' | 'offset'>) =>
  `${partition}:${offset}`;

/** Reads what the processor wrote beside the original record. */
export function letterOf(partition: number, record: InputRecord): DeadLetter {
  const header = (name: keyof typeof DEAD_LETTER_HEADERS) =>
    record.headers[DEAD_LETTER_HEADERS[name]]?.toString();
  const [topic, reason] = [header('topic'), header('reason')];
  const names = ['partition', 'offset', 'timestamp', 'cutFrom'] as const;
  const [from, offset, timestamp, cutFrom] = names
    .map(header)
    .map((text) => (text && /^\d+$/.test(text) ? Number(text) : undefined));
  const origin =
    isOneOf(INPUT_TOPICS, topic) && from !== undefined && offset !== undefined && timestamp !== undefined
      ? { topic, partition: from, offset, timestamp }
      : undefined;
  return {
    partition,
    offset: record.offset,
    time: record.timestamp,
    reason: isOneOf(DEAD_LETTER_REASONS, reason) ? reason : undefined,
    detail: header('detail') ?? '',
    origin,
    cutFrom,
    record,
  };
}

function isOneOf<T extends string>(list: readonly T[], text: string | undefined): text is T {
  return (list as readonly (string | undefined)[]).includes(text);
}

const OURS: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADERS));

/** The record's headers without those that were added when it became a dead letter. */
export function originalHeaders({ headers }: InputRecord): InputRecord['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.has(name)));
}

/**
 * The record as it was sent first, for the place where it was: same key, value, headers, partition and timestamp. With
 * its old timestamp it gets the fate that it would get today had it been read only now: an impossible time does not
 * become possible by waiting.
 */
export function originalRecord({ record, origin }: DeadLetter & { origin: Origin }): OutputRecord {
  return {
    key: record.key,
    value: record.value,
    headers: originalHeaders(record),
    partition: origin.partition,
    timestamp: origin.timestamp,
  };
}
