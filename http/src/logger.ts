import { type DestinationStream, type Logger, pino } from 'pino';
import type { HttpPart } from './settings.ts';

/**
 * The log of a part: structured lines on standard output, or on `destination`. Of an error it tells kind, code,
 * message and place, and nothing else: MongoDB's errors carry the documents that they are about, persons included.
 */
export function createLogger(part: HttpPart, level: string, destination?: DestinationStream): Logger {
  const options = { level, base: { part }, serializers: { err: toLine } };
  return destination ? pino(options, destination) : pino(options);
}

function toLine(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, code, stack, cause } = error as Error & { code?: unknown };
  return {
    type: name,
    ...(code === undefined ? {} : { code }),
    message: withoutValues(error.message),
    // The message is the stack's beginning.
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause === undefined ? {} : { cause: toLine(cause) }),
  };
}

/** What MongoDB quotes of a document in a message, such as the key that there is already. */
function withoutValues(message: string): string {
  return message.replaceAll(/\{.*\}/gs, '{…}');
}
