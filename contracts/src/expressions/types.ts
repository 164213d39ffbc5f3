import type { TSchema } from 'typebox';
import type { EventRegistry } from '../events/index.ts';

/** What an expression's values are. */
export type ValueType = 'integer' | 'number' | 'text' | 'boolean';

/** A value's type, and whether it may be null. `null` is the type of what is always null. */
export interface ExprType {
  readonly type: ValueType | 'null';
  readonly nullable: boolean;
}

/** A field of an event or of an element of a list. */
export type FieldType =
  | (ExprType & { readonly type: ValueType })
  | { readonly type: 'list'; readonly nullable: boolean; readonly elements: Fields };
/** Fields by name. */
export type Fields = Readonly<Record<string, FieldType>>;

/** What expressions can read. */
export interface Scope {
  /** Fields of the event or visit. */
  readonly fields: Fields;
  /** Fields of the row; absent: there are no rows. */
  readonly row?: Fields;
  /** Whether it is a visit, so that steps can be asked for. */
  readonly visit?: boolean;
}

const text = { type: 'text', nullable: true } as const;
const instant = { type: 'integer', nullable: false } as const;

/** What is known of a visit. */
export const VISIT_SCOPE: Scope = {
  visit: true,
  fields: {
    shop: { type: 'text', nullable: false },
    firstTime: instant,
    lastTime: instant,
    ...{ country: text, device: text, channel: text },
    settled: { type: 'boolean', nullable: false },
    interactions: { type: 'list', nullable: false, elements: {} },
  },
};

interface SchemaView {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaView[];
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly items?: SchemaView;
}

/** Fields that events of these types have: one that only some have, or that may be left out, may be null. */
export function scopeOfEvents(types: readonly string[], events: EventRegistry): Scope {
  const all = types.map((type) => fieldsOf((events.get(type)?.schema ?? {}) as SchemaView & TSchema));
  return { fields: unionOfFields(all) };
}

function unionOfFields(all: readonly Fields[]): Fields {
  const names = new Set(all.flatMap((fields) => Object.keys(fields)));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const given: (FieldType | undefined)[] = all.map((fields) => fields[name]);
      const union = given.reduce(unionOf);
      return union ? [[name, union]] : [];
    }),
  );
}

/** A field of several event types together; undefined when they have nothing to do with each other. */
function unionOf(a: FieldType | undefined, b: FieldType | undefined): FieldType | undefined {
  if (!a || !b) return a || b ? { ...(a ?? b)!, nullable: true } : undefined;
  const nullable = a.nullable || b.nullable;
  if (a.type === 'list' || b.type === 'list') {
    if (a.type !== 'list' || b.type !== 'list') return undefined;
    return { type: 'list', nullable, elements: unionOfFields([a.elements, b.elements]) };
  }
  if (a.type === b.type) return { type: a.type, nullable };
  const isNumber = [a.type, b.type].every((type) => type === 'integer' || type === 'number');
  return isNumber ? { type: 'number', nullable } : undefined;
}

function fieldsOf({ properties = {}, required = [] }: SchemaView): Fields {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const type = typeOf(schema);
      return type ? [[name, { ...type, nullable: type.nullable || !required.includes(name) }]] : [];
    }),
  );
}

function typeOf(schema: SchemaView): FieldType | undefined {
  if (schema.anyOf) {
    const rest = schema.anyOf.filter(({ type }) => type !== 'null');
    const type = rest.map(typeOf).reduce((a, b) => (a && b ? unionOf(a, b) : undefined));
    return type && { ...type, nullable: type.nullable || rest.length < schema.anyOf.length };
  }
  switch (schema.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: schema.type, nullable: false };
    case 'string':
      return { type: 'text', nullable: false };
    case 'array':
      return { type: 'list', nullable: false, elements: fieldsOf(schema.items ?? {}) };
    default:
      return undefined;
  }
}
