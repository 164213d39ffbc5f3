import { type TProperties, type TSchema, Type } from 'typebox';
import { SHOP_PATTERN } from '../ids.ts';

/** An identifier in an event: 1 to 128 characters, no control characters and no `|`, which separates key parts. */
export const Id = Type.String({ minLength: 1, maxLength: 128, pattern: '^[^|\\u0000-\\u001f]+$' });
/** A short text for people, such as a name or a message. */
export const Text = (maxLength = 500) => Type.String({ maxLength });
/**
 * Marks a field that tells who somebody is, or holds what a person wrote: it is cleared when the customer is erased.
 */
export function personal<S extends TSchema>(schema: S): S {
  // A schema's kind and its being optional are hidden properties, which a spread would lose.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as S;
  return Object.assign(copy, { personal: true });
}

/** Names of the fields that are marked as personal. */
export function personalFields(schema: TSchema): readonly string[] {
  const { properties } = schema as unknown as {
    properties: Readonly<Record<string, { personal?: boolean }>>;
  };
  return Object.entries(properties).flatMap(([name, field]) => (field.personal ? [name] : []));
}

/**
 * The largest amount of one event, in units of 10^-scale: ten thousand million pounds in pence. It keeps one wrong event
 * from taking a sum to 2^53, beyond which nothing can be added exactly.
 */
export const MAX_AMOUNT = 1e12;
/** An integer amount in units of 10^-scale of the shop's currency. */
export const Amount = (options: { minimum?: number; description: string }) =>
  Type.Integer({ maximum: MAX_AMOUNT, minimum: -MAX_AMOUNT, ...options });
/** Whether a field is an amount: nothing else has its bound. */
export function isAmount(schema: TSchema): boolean {
  return (schema as { maximum?: number }).maximum === MAX_AMOUNT;
}
/** ISO 4217 code. */
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' });
/** A count of pieces in one line. */
export const Quantity = Type.Integer({ minimum: 1, maximum: 10_000_000 });

/** The last instant of the year 9999: what lies far beyond is no date any more. */
const LATEST = 253_402_300_799_999;

/** Fields of every event, whatever its type. */
export const envelopeFields = {
  eventId: Type.String({ minLength: 8, maxLength: 64, description: 'unique for ever; UUIDv7 by custom' }),
  eventTime: Type.Integer({
    maximum: LATEST,
    description: 'when it happened: milliseconds since the Unix epoch, UTC',
  }),
  shop: Type.String({ pattern: SHOP_PATTERN, description: 'the tenant' }),
};

/** Fields of every event that a visitor causes. */
export const visitFields = {
  ...envelopeFields,
  visitorId: personal(
    Type.String({ ...Id, description: 'the browser or device; the Kafka key is shop|visitorId' }),
  ),
  sessionId: personal(
    Type.Union([Id, Type.Null()], { description: 'the visit; null when the source knows none' }),
  ),
  customerId: personal(Type.Union([Id, Type.Null()], { description: 'the customer once known' })),
  device: Type.Union([Text(40), Type.Null()], { description: 'desktop, mobile or tablet' }),
  channel: Type.Union([Text(40), Type.Null()], {
    description: 'how the visit came: direct, organic_search, …',
  }),
  country: Type.Union([Text(80), Type.Null()], { description: 'country of the visitor or the order' }),
};

/**
 * The schema of one event type; additional fields are tolerated and kept out of metrics.
 * @param invariants what must hold between its fields, for the reference
 */
export function eventSchema<const Name extends string, P extends TProperties>(
  type: Name,
  fields: P,
  invariants?: string,
) {
  const described = invariants === undefined ? {} : { description: invariants };
  return Type.Object({ type: Type.Literal(type), ...fields }, { $id: type, ...described });
}
