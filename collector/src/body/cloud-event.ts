import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CollectorError } from '../errors.ts';
import type { Item } from './items.ts';

/** Lengths that an `eventId` may have; another `id` is replaced by one made of it. */
const ID_LENGTH = { least: 8, most: 64 };

/**
 * The event in a CloudEvent 1.0 in JSON: its `data`, with `type`, `id` and `time` of the CloudEvent as `type`, `eventId`
 * and `eventTime` where the data leaves them out.
 */
export function eventOfCloudEvent(value: unknown): Item {
  if (!isObject(value)) return { value };
  const { specversion, id, source, type, time, data } = value;
  if (specversion !== '1.0') return refuse('/specversion', 'must be "1.0"');
  if (typeof id !== 'string' || id === '') return refuse('/id', 'is missing');
  if (typeof source !== 'string' || source === '') return refuse('/source', 'is missing');
  if ('data_base64' in value) return refuse('/data_base64', 'send the event as JSON in data');
  if (!isObject(data)) return refuse('/data', 'must be the event, a JSON object');
  if (data.type !== undefined && data.type !== type) return conflict('/type', 'data has another type');
  const eventId = idOf(id, source);
  if (data.eventId !== undefined && data.eventId !== id && data.eventId !== eventId) {
    return conflict('/id', 'data has another eventId');
  }
  return {
    value: {
      ...data,
      type,
      eventId: data.eventId ?? eventId,
      ...(data.eventTime === undefined && time !== undefined ? { eventTime: time } : {}),
    },
  };
}

/** The headers that a CloudEvent in binary mode has. */
export const BINARY_HEADERS = ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-time'] as const;

/** Whether headers say that a body is the data of a CloudEvent (binary mode), and not events themselves. */
export function isBinaryCloudEvent(headers: IncomingHttpHeaders): boolean {
  return BINARY_HEADERS.some((name) => headers[name] !== undefined);
}

/**
 * The event in a CloudEvent 1.0 in binary mode: its data is the body, its attributes are in headers.
 * @throws {CollectorError} `invalid_request` when a header is not percent-encoded as it must be
 */
export function eventOfBinary(headers: IncomingHttpHeaders, data: unknown): Item {
  const attributes = BINARY_HEADERS.flatMap((name) => {
    const text = headers[name];
    return typeof text === 'string' ? [[name.slice('ce-'.length), decodeHeader(name, text)]] : [];
  });
  return eventOfCloudEvent({ ...Object.fromEntries(attributes), data });
}

function decodeHeader(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CollectorError(
      'invalid_request',
      `the header "${name}" is not percent-encoded UTF-8: write a percent sign as %25`,
    );
  }
}

/** An `id` is unique within its source; one that is no `eventId` by its length is made one with its source. */
function idOf(id: string, source: string): string {
  if (id.length >= ID_LENGTH.least && id.length <= ID_LENGTH.most) return id;
  return `ce-${createHash('sha256').update(`${source}\n${id}`).digest('hex').slice(0, 40)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const refuse = (path: string, message: string): Item => ({ code: 'not-json', path, message });
const conflict = (path: string, message: string): Item => ({
  code: 'conflicting-attributes',
  path,
  message,
});
