import type { TSchema } from 'typebox';

/**
 * How the text of an event is built: its fields in their order, and what lies within them. All values of a list are
 * built alike; of a list that was empty nothing is known, and only empty ones have this shape.
 */
export type Shape =
  | { readonly kind: 'scalar'; readonly schema: TSchema | undefined }
  | { readonly kind: 'object'; readonly fields: readonly ShapeField[] }
  | {
      readonly kind: 'list';
      readonly each: Shape | undefined;
      readonly least: number;
      readonly most: number;
    };

/** A field by its name. */
export type ShapeField = readonly [name: string, shape: Shape];

/** What the shape itself holds of a schema, or what says nothing about values. Of a value without parts the whole schema is checked. */
const NOTES = ['type', '$id', 'description', 'personal'];
const OBJECT_KEYWORDS = new Set([...NOTES, 'properties', 'required']);
const LIST_KEYWORDS = new Set([...NOTES, 'items', 'minItems', 'maxItems']);

/** Names that stand in JSON as they are, and are ordinary fields of an object in the order in which they are set. */
const PLAIN_NAME = /^[A-Za-z]\w*$/;

interface AnySchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * The shape of a value that fits a schema.
 * @param schema undefined: the value may be anything
 * @returns undefined when it has none, or its schema demands what can't be told from the shape and the values one by one
 */
export function shapeOf(value: unknown, schema: TSchema | undefined): Shape | undefined {
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', schema };
  const told = (schema ?? {}) as AnySchema;
  if (Array.isArray(value)) return shapeOfList(value, told);
  if (told.type !== 'object' || !hasOnly(told, OBJECT_KEYWORDS)) return undefined;
  const fields: ShapeField[] = [];
  for (const [name, part] of Object.entries(value)) {
    const shape = PLAIN_NAME.test(name) ? shapeOf(part, told.properties?.[name]) : undefined;
    if (!shape) return undefined;
    fields.push([name, shape]);
  }
  return { kind: 'object', fields };
}

function shapeOfList(list: readonly unknown[], schema: AnySchema): Shape | undefined {
  const { type, items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (type !== 'array' || !hasOnly(schema, LIST_KEYWORDS)) return undefined;
  const each = list.length === 0 ? undefined : shapeOf(list[0], items);
  if (list.length > 0 && !each) return undefined;
  return { kind: 'list', each, least: minItems, most: maxItems };
}

function hasOnly(schema: object, keywords: ReadonlySet<string>): boolean {
  return Object.keys(schema).every((keyword) => keywords.has(keyword));
}
