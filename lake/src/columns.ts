import { type EventRegistry, type EventSpec, type EventType, eventRegistry } from '@storepulse/contracts';
import { isAmount } from '@storepulse/contracts/events/envelope';
import { type TSchema, Type } from 'typebox';

/** One column of the files of a type. */
export interface Column {
  /** In snake case, also of the fields within a STRUCT. */
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  /** True: a person can be told by it; it is null in what is left of an erased customer's events. */
  readonly personal: boolean;
  /** True: an amount in units of 10^-`scale` of `currency`. In a list of STRUCTs, the amounts are BIGINT too. */
  readonly money: boolean;
  /** The field of the event that it holds. @default it is of the envelope, or of the shop */
  readonly field?: string;
  /** Its schema, where it holds a field. */
  readonly schema?: TSchema;
}

/** An event type as the lake holds it. */
export interface LakeType {
  readonly type: EventType;
  readonly spec: EventSpec;
  readonly columns: readonly Column[];
}

const plain = (name: string, type: string, field?: string): Column => ({
  name,
  type,
  personal: false,
  money: false,
  ...(field === undefined ? {} : { field }),
});

/**
 * Columns of every file, before those of its type.
 * `topic`, `partition`, `offset`: the record. `record_time`: its own timestamp, epoch ms. `schema_version`: as its
 * producer said. `shop_id`, `shop_date`: the shop and its day, in its zone. `event_id`, `event_type`. `identity`: what an
 * event counts once by, see `identityOf`. `occurred_at`, `occurred`: event time, as epoch ms and as a TIMESTAMP in UTC.
 * `currency`, `scale`: what amounts are in: amount / 10^scale.
 */
export const ENVELOPE_COLUMNS: readonly Column[] = [
  plain('topic', 'VARCHAR'),
  plain('partition', 'INTEGER'),
  plain('offset', 'BIGINT'),
  plain('record_time', 'BIGINT'),
  plain('schema_version', 'VARCHAR'),
  plain('shop_id', 'VARCHAR', 'shop'),
  plain('shop_date', 'DATE'),
  plain('event_id', 'VARCHAR', 'eventId'),
  plain('event_type', 'VARCHAR', 'type'),
  plain('identity', 'VARCHAR'),
  plain('occurred_at', 'BIGINT', 'eventTime'),
  plain('occurred', 'TIMESTAMP'),
  plain('currency', 'VARCHAR'),
  plain('scale', 'TINYINT'),
];

/** By the type of JSON Schema. */
const DUCK_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
};

/** Fields that the envelope's columns hold. */
const IN_ENVELOPE = new Set(['type', 'eventId', 'eventTime', 'shop', 'currency', 'scale']);

/** All types of a registry as the lake holds them. */
export function lakeTypesOf(events: EventRegistry): ReadonlyMap<string, LakeType> {
  return new Map([...events.values()].map((spec) => [spec.type, toLakeType(spec)]));
}

/** All event types of the product as the lake holds them. */
export const LAKE_TYPES: ReadonlyMap<string, LakeType> = lakeTypesOf(eventRegistry);

/** A type as the lake holds it. @throws {RangeError} when there is no such type */
export function lakeTypeOf(type: string): LakeType {
  const found = LAKE_TYPES.get(type);
  if (!found) throw new RangeError(`"${type}" is no event type: one of ${[...LAKE_TYPES.keys()].join(', ')}`);
  return found;
}

/** The columns of a type's files, the envelope's first. @throws {RangeError} when there is no such type */
export function columnsOf(type: string): readonly Column[] {
  return lakeTypeOf(type).columns;
}

/** `unitPrice` → `unit_price`. */
export function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toLakeType(spec: EventSpec): LakeType {
  const fields = Object.entries(propertiesOf(spec.schema)).filter(([field]) => !IN_ENVELOPE.has(field));
  const own = fields.map(
    ([field, schema]): Column => ({
      name: snakeCase(field),
      type: duckType(schema),
      personal: (schema as { personal?: boolean }).personal === true,
      money: isAmount(schema),
      field,
      schema,
    }),
  );
  return { type: spec.type as EventType, spec, columns: [...ENVELOPE_COLUMNS, ...own] };
}

/** The properties of an object's schema. */
export function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> {
  return (schema as unknown as { properties: Readonly<Record<string, TSchema>> }).properties;
}

/** A schema without the null that it may allow. */
export function nonNull(schema: TSchema): TSchema {
  const { anyOf } = schema as { anyOf?: readonly TSchema[] };
  return anyOf?.find((part) => (part as { type?: string }).type !== 'null') ?? schema;
}

/** DuckDB's type of what a schema describes. @throws {TypeError} for what events do not hold */
export function duckType(schema: TSchema): string {
  const plainSchema = nonNull(schema);
  if (Type.IsArray(plainSchema)) return `${duckType(plainSchema.items)}[]`;
  if (Type.IsObject(plainSchema)) {
    const fields = Object.entries(propertiesOf(plainSchema));
    return `STRUCT(${fields.map(([field, inner]) => `${snakeCase(field)} ${duckType(inner)}`).join(', ')})`;
  }
  const found = DUCK_TYPES[(plainSchema as { type?: string }).type ?? ''];
  if (!found) throw new TypeError(`no column type for ${JSON.stringify(plainSchema)}`);
  return found;
}
