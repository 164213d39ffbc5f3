import { KEY_SEPARATOR, keyOf } from '@storepulse/contracts';
import type { TSchema } from 'typebox';
import { type EventForm, eventForms, sentFields, standIns } from './types.ts';

/** A JSON Schema of events as the collector takes them. */
export type PublishedSchema = Readonly<Record<string, unknown>>;

type Field = TSchema & { readonly description?: string };

/** The visitor is told, or can be made of the customer or the order. */
const VISITOR = {
  anyOf: [
    { required: ['visitorId'] },
    { required: ['customerId'], properties: { customerId: { type: 'string' } } },
    { required: ['orderId'], properties: { orderId: { type: 'string' } } },
  ],
};

/** Prices that include tax come with how much that is. */
const TAX_IS_TOLD = {
  if: { required: ['pricesIncludeTax'], properties: { pricesIncludeTax: { const: true } } },
  // biome-ignore lint/suspicious/noThenProperty: it is a word of JSON Schema
  then: { required: ['tax'] },
};

/** The schemas of all event types, by type: what may be left out is not required, and has its default. */
export const publishedSchemas: ReadonlyMap<string, PublishedSchema> = new Map(
  [...eventForms].map(([type, form]) => [type, publish(type, form)]),
);

function publish(type: string, form: EventForm): PublishedSchema {
  const { spec, nullable, timeMayBeMissing } = form;
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
  const instead = standIns(form);
  const omissible = new Set([...nullable, ...Object.keys(instead)]);
  const fields = Object.entries({ ...properties, ...sentFields(form) } as Record<string, Field>).map(
    ([name, field]) => [name, published(name, field)],
  );
  function published(name: string, field: Field): object {
    if (name === 'eventTime') return eventTime(field, timeMayBeMissing);
    const standIn = instead[name];
    if (standIn !== undefined)
      return {
        ...field,
        description: [field.description, `left out: ${standIn}`].filter(Boolean).join('; '),
      };
    return nullable.includes(name) ? { ...field, default: null } : field;
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:storepulse:event:${type}`,
    title: type,
    ...(description === undefined ? {} : { description }),
    ...rest,
    properties: Object.fromEntries(fields),
    required: required.filter((name) => !omissible.has(name)),
    allOf: [
      { anyOf: [{ required: ['eventId'] }, { required: ['eventTime'] }] },
      ...(form.visitorMayBeMissing ? [VISITOR] : []),
      ...(form.amounts === undefined ? [] : [TAX_IS_TOLD]),
    ],
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
