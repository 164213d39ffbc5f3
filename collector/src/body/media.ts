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

/** The forms in which sales are sent, by media type. */
const SALES_FORMS = {
  'text/csv': 'csv',
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
} as const;

/** How the events of a body are written. */
export type Form = (typeof FORMS)[keyof typeof FORMS];
/** How the sales of a body are written. */
export type SalesForm = (typeof SALES_FORMS)[keyof typeof SALES_FORMS];

/** The media types of events. */
export const MEDIA_TYPES = Object.keys(FORMS) as readonly (keyof typeof FORMS)[];
/** The media types of sales. */
export const SALES_MEDIA_TYPES = Object.keys(SALES_FORMS) as readonly (keyof typeof SALES_FORMS)[];

/**
 * The form of events that a request's `Content-Type` names.
 * @throws {CollectorError} `unsupported_media_type`
 */
export function formOf(contentType = ''): Form {
  const { form, charset } = mediaOf(contentType, FORMS);
  refuseOtherCharsets(charset);
  return form;
}

/**
 * The form of sales that a request's `Content-Type` names; of CSV also its encoding, where it names one.
 * @throws {CollectorError} `unsupported_media_type`
 */
export function salesFormOf(contentType = ''): { readonly form: SalesForm; readonly encoding?: string } {
  const { form, charset } = mediaOf(contentType, SALES_FORMS);
  if (form !== 'csv') refuseOtherCharsets(charset);
  if (form !== 'csv' || charset === undefined) return { form };
  try {
    return { form, encoding: new TextDecoder(charset).encoding };
  } catch {
    throw new CollectorError(
      'unsupported_media_type',
      'charset names no encoding that is known: utf-8, utf-16le or windows-1252, for instance',
    );
  }
}

function mediaOf<F extends string>(
  contentType: string,
  forms: Readonly<Record<string, F>>,
): { readonly form: F; readonly charset: string | undefined } {
  const [type, ...parameters] = contentType.toLowerCase().split(';');
  const name = type!.trim();
  if (!Object.hasOwn(forms, name)) {
    throw new CollectorError(
      'unsupported_media_type',
      `send the header "content-type" with one of ${Object.keys(forms).join(', ')}`,
    );
  }
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  return { form: forms[name]!, charset: charset?.slice('charset='.length).replaceAll('"', '') };
}

function refuseOtherCharsets(charset: string | undefined): void {
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return;
  throw new CollectorError('unsupported_media_type', 'send the body as UTF-8');
}
