import { CollectorError } from '../errors.ts';
import { type Limits, MAX_DEPTH } from '../limits/limits.ts';
import { eventOfCloudEvent } from './cloud-event.ts';
import { isShallow } from './depth.ts';
import type { Form } from './media.ts';

/** One event of a request as it was sent, or why it can't be read. */
export type Item =
  | { readonly value: unknown }
  | { readonly code: 'not-json' | 'conflicting-attributes'; readonly path: string; readonly message: string };

/**
 * The events of a body, in their order.
 * @throws {CollectorError} when nothing of it can be read, or it has more than is allowed
 */
export function itemsOf(body: Buffer, form: Form, { items: most }: Pick<Limits, 'items'>): readonly Item[] {
  if (!isShallow(body, MAX_DEPTH)) {
    throw new CollectorError('too_deep', `objects and lists may be nested ${MAX_DEPTH} deep`);
  }
  const text = decode(body);
  const items = form === 'lines' ? readLines(text, most) : readJson(text, form);
  if (items.length === 0) throw new CollectorError('nothing_sent', 'send at least one event');
  if (items.length > most) throw tooMany(most);
  return items;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new CollectorError('invalid_json', 'the body is no valid UTF-8', { cause: error });
  }
}

function readLines(text: string, most: number): Item[] {
  const items: Item[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (items.length === most) throw tooMany(most);
    try {
      items.push({ value: JSON.parse(line) });
    } catch {
      items.push({ code: 'not-json', path: '', message: 'the line is no JSON' });
    }
  }
  return items;
}

function readJson(text: string, form: Exclude<Form, 'lines'>): Item[] {
  const value = parse(text);
  if (form === 'json') return (Array.isArray(value) ? value : [value]).map((each) => ({ value: each }));
  if (form === 'cloud-event') return [eventOfCloudEvent(value)];
  if (!Array.isArray(value)) {
    throw new CollectorError('invalid_json', 'a batch of CloudEvents is a JSON array');
  }
  return value.map(eventOfCloudEvent);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the body, which may be personal.
    const place = /position \d+/.exec((error as Error).message)?.[0];
    throw new CollectorError('invalid_json', `the body is no JSON${place ? `, at ${place}` : ''}`);
  }
}

function tooMany(most: number): CollectorError {
  return new CollectorError(
    'too_many_items',
    `a request may have ${most} events: send the others in further ones`,
  );
}
