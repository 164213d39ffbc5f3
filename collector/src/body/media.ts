import { CollectorError } from '../errors.ts';

/** The forms in which events are sent, by media type. */
const FORMS = {
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
  'application/cloudevents+json': 'cloud-event',
  'application/cloudevents-batch+json': 'cloud-events',
} as const;

/** How the events of a body are written. */
export type Form = (typeof FORMS)[keyof typeof FORMS];

/** The media types that are taken. */
export const MEDIA_TYPES = Object.keys(FORMS) as readonly (keyof typeof FORMS)[];

/**
 * The form that a request's `Content-Type` names.
 * @throws {CollectorError} `unsupported_media_type`
 */
export function formOf(contentType = ''): Form {
  const [type, ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const form = (FORMS as Readonly<Record<string, Form>>)[type!.trim()];
  if (form === undefined) {
    throw new CollectorError(
      'unsupported_media_type',
      `send the header "content-type" with one of ${MEDIA_TYPES.join(', ')}`,
    );
  }
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) {
    throw new CollectorError('unsupported_media_type', 'send the body as UTF-8');
  }
  return form;
}
