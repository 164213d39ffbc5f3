import { KEY_SEPARATOR, keyOf } from '@storepulse/contracts';
import type { TSchema } from 'typebox';
import { type EventForm, eventForms } from './types.ts';

/** A JSON Schema of events as the collector takes them. */
export type PublishedSchema = Readonly<Record<string, unknown>>;

type Field = TSchema & { readonly description?: string };

/** The schemas of all event types, by type: what may be left out is not required, and has its default. */
export const publishedSchemas: ReadonlyMap<string, PublishedSchema> = new Map(
  [...eventForms].map(([type, form]) => [type, publish(type, form)]),
);

function publish(type: string, { spec, nullable, timeMayBeMissing }: EventForm): PublishedSchema {
  const {
    $id: _,
    properties,
    required,
    description,
    ...rest
  } = spec.schema as unknown as {
    readonly $id: string;
    readonly properties: Readonly<Record<string, Field>>;
    readonly required: readonly string[];
    readonly description?: string;
  };
  const omissible = new Set([...nullable, 'eventId', ...(timeMayBeMissing ? ['eventTime'] : [])]);
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    name === 'eventId'
      ? {
          ...field,
          description: `${field.description}; left out: made of the content, so that a copy has the same`,
        }
      : name === 'eventTime'
        ? eventTime(field, timeMayBeMissing)
        : nullable.includes(name)
          ? { ...field, default: null }
          : field,
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:storepulse:event:${type}`,
    title: type,
    ...(description === undefined ? {} : { description }),
    ...rest,
    properties: Object.fromEntries(fields),
    required: required.filter((name) => !omissible.has(name)),
    anyOf: [{ required: ['eventId'] }, { required: ['eventTime'] }],
    'x-kafka': {
      topic: spec.topic,
      key: keyForm(spec),
      partitioner: 'murmur2 of the key, as Kafka’s Java client',
      required,
      countsOncePer: spec.fact === undefined ? 'eventId' : spec.fact.id,
    },
  };
}

function eventTime(field: Field, mayBeMissing: boolean): PublishedSchema {
  const { type: _, description, ...bounds } = field as Field & { readonly type: string };
  const missing = mayBeMissing ? '; left out: the time of arrival, where there is an eventId' : '';
  return {
    anyOf: [
      { type: 'integer', ...bounds },
      { type: 'string', format: 'date-time' },
    ],
    description: `${description}, or ISO 8601 with a zone${missing}`,
  };
}

/** The form of a Kafka key, such as `shop|visitorId`. */
function keyForm(spec: EventForm['spec']): string {
  const names = new Proxy({}, { get: (_target, name) => String(name) });
  return keyOf(spec, names).replaceAll(KEY_SEPARATOR, '|');
}
