import type { IncomingHttpHeaders } from 'node:http';
import { CollectorError } from '../errors.ts';
import type { Limits } from '../limits/limits.ts';
import { eventOfBinary, eventOfCloudEvent, isBinaryCloudEvent } from './cloud-event.ts';
import { type Form, formOf } from './media.ts';
import { parseBody, valuesOf } from './values.ts';

/** One event of a request as it was sent, or why it can't be read. */
export type Item =
  | { readonly value: unknown }
  | { readonly code: 'not-json' | 'conflicting-attributes'; readonly path: string; readonly message: string };

/**
 * The form of the events that a request has by its headers: `binary` is a CloudEvent whose attributes are headers.
 * @throws {CollectorError} `unsupported_media_type`
 */
export function formOfRequest(headers: IncomingHttpHeaders): Form | 'binary' {
  const form = formOf(headers['content-type']);
  if (form.startsWith('cloud-event') || !isBinaryCloudEvent(headers)) return form;
  if (form === 'json') return 'binary';
  throw new CollectorError(
    'unsupported_media_type',
    'a CloudEvent whose attributes are headers is one event: send it as application/json',
  );
}

/**
 * The events of a body, in their order.
 * @throws {CollectorError} when nothing of it can be read, or it has more than is allowed
 */
export function itemsOf(
  body: Buffer,
  headers: IncomingHttpHeaders,
  { items: most }: Pick<Limits, 'items'>,
): readonly Item[] {
  const form = formOfRequest(headers);
  const items = form === 'binary' ? [eventOfBinary(headers, parseBody(body))] : read(body, form, most);
  if (items.length === 0) throw new CollectorError('nothing_sent', 'send at least one event');
  if (items.length > most) throw tooMany(most);
  return items;
}

function read(body: Buffer, form: Form, most: number): readonly Item[] {
  if (form === 'json' || form === 'lines') return valuesOf(body, form, { most, tooMany }).map(itemOf);
  const value = parseBody(body);
  if (form === 'cloud-event') return [eventOfCloudEvent(value)];
  if (!Array.isArray(value)) {
    throw new CollectorError('invalid_json', 'a batch of CloudEvents is a JSON array');
  }
  return value.map(eventOfCloudEvent);
}

function itemOf({ value }: { readonly value: unknown }): Item {
  return value === undefined ? { code: 'not-json', path: '', message: 'the line is no JSON' } : { value };
}

function tooMany(most: number): CollectorError {
  return new CollectorError(
    'too_many_items',
    `a request may have ${most} events: send the others in further ones`,
  );
}
