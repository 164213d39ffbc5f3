import { DEAD_LETTER_HEADERS } from '@storepulse/contracts';
import { followTopic } from './follow-topic.ts';
import type { Pipeline } from './pipeline.ts';

/** A record of the topic `dead-letter`; one that was not put there by the processor has no origin. */
export interface DeadLetter {
  readonly key: string;
  readonly value: Buffer | null;
  /** Where the record was, and why it could not be counted. */
  readonly origin: Readonly<Record<'topic' | 'partition' | 'offset' | 'reason', string | undefined>>;
  /** All headers as texts. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The dead letters, growing as more are read, until the pipeline stops. */
export async function readDeadLetters(pipeline: Pipeline): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const { topic, partition, offset, reason } = DEAD_LETTER_HEADERS;
  await followTopic(pipeline, 'dead-letter', ({ key, value, headers: raw = {} }) => {
    const headers = Object.fromEntries(Object.entries(raw).map(([name, text]) => [name, text?.toString()]));
    const origin = {
      topic: headers[topic],
      partition: headers[partition],
      offset: headers[offset],
      reason: headers[reason],
    };
    letters.push({ key: String(key), value, origin, headers });
  });
  return letters;
}
