import { DEAD_LETTER_HEADERS, type DeadLetterReason, type TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import { PartitionsUnavailable, RecordsTooLarge } from '../errors.ts';
import type { InputRecord, OutputRecord, Sender } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';

/** Bytes of value and of key that stay of a letter which the topic does not take whole. */
const KEPT_VALUE_BYTES = 10_000;
const KEPT_KEY_BYTES = 1_000;

/**
 * Puts letters onto `dead-letter`, as much of each as the topic takes: a letter that does not fit is no reason to read
 * its task again and again. One that is kept in part is told of and counted, and so is one of which nothing is kept.
 */
export function createPutAside({
  sender,
  telemetry,
  logger,
}: {
  sender: Sender;
  telemetry: Pick<Telemetry, 'noteCutLetters'>;
  logger: Pick<Logger, 'error'>;
}): (letters: readonly OutputRecord[]) => Promise<void> {
  /** Those that the topic refused for their size. */
  const refused = async (letters: readonly OutputRecord[]): Promise<readonly OutputRecord[]> => {
    if (letters.length === 0) return [];
    try {
      await sender.send('dead-letter', letters);
      return [];
    } catch (error) {
      if (error instanceof RecordsTooLarge) return error.records;
      if (!(error instanceof PartitionsUnavailable) || error.serving.length === 0) throw error;
      return [...error.tooLarge, ...(await refused(elsewhere(error)))];
    }
  };
  return async (letters) => {
    const large = await refused(letters);
    if (large.length === 0) return;
    const cut = large.map(beginningOf);
    const lost = new Set(await refused(cut));
    telemetry.noteCutLetters('beginning', cut.length - lost.size);
    telemetry.noteCutLetters('nothing', lost.size);
    const advice = 'raise max.message.bytes of dead-letter above that of the topics that records come from';
    for (const letter of cut) {
      const kept = lost.has(letter) ? 'nothing' : 'the beginning';
      logger.error(
        whereaboutsOf(letter),
        `${kept} of a dead letter is kept: it is too large for its topic; ${advice}`,
      );
    }
  };
}

/** Which partition a letter is on tells nobody anything: those that can be written take what others can't. */
function elsewhere({ records, serving }: PartitionsUnavailable): OutputRecord[] {
  return records.map((letter) => ({ ...letter, partition: serving[letter.partition % serving.length]! }));
}

/** The letter with the beginning of its value, and without the headers that it came with. */
function beginningOf({ key, value, headers = {}, ...rest }: OutputRecord): OutputRecord {
  const ours = Object.values(DEAD_LETTER_HEADERS).flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  );
  return {
    ...rest,
    key: key && key.length > KEPT_KEY_BYTES ? null : key,
    value: value === null ? null : Buffer.from(value).subarray(0, KEPT_VALUE_BYTES),
    headers: {
      ...Object.fromEntries(ours),
      [DEAD_LETTER_HEADERS.cutFrom]: String(value === null ? 0 : Buffer.byteLength(value)),
    },
  };
}

/** Why the record is a dead letter, and where it lies. */
function whereaboutsOf({ headers = {} }: OutputRecord): Record<string, string> {
  return Object.fromEntries(
    (['reason', 'topic', 'partition', 'offset', 'cutFrom'] as const).map((name) => [
      name === 'cutFrom' ? 'bytes' : name,
      String(headers[DEAD_LETTER_HEADERS[name]]),
    ]),
  );
}

/** Bytes of their own: those of a record are part of the megabyte that it came in, which a letter would keep in memory. */
const copyOf = (bytes: Buffer | null): Buffer | null => bytes && Buffer.from(bytes);

function copiesOf(headers: InputRecord['headers']): InputRecord['headers'] {
  const copied = (value: Buffer | string) => (typeof value === 'string' ? value : Buffer.from(value));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(copied) : value && copied(value),
    ]),
  );
}

/** A record that can't be counted, with why and whence: as it goes onto `dead-letter`. */
export function toDeadLetter(
  topic: TopicName,
  partition: number,
  record: InputRecord,
  reason: DeadLetterReason,
  detail: string,
): OutputRecord {
  // Sent by hand from one that was cut, the record is whole again.
  const { [DEAD_LETTER_HEADERS.cutFrom]: _cutFrom, ...headers } = copiesOf(record.headers);
  return {
    key: copyOf(record.key),
    value: copyOf(record.value),
    headers: {
      ...headers,
      [DEAD_LETTER_HEADERS.reason]: reason,
      [DEAD_LETTER_HEADERS.detail]: detail,
      [DEAD_LETTER_HEADERS.topic]: topic,
      [DEAD_LETTER_HEADERS.partition]: String(partition),
      [DEAD_LETTER_HEADERS.offset]: String(record.offset),
      [DEAD_LETTER_HEADERS.timestamp]: String(record.timestamp),
    },
  };
}
