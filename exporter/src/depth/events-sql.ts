import { type Fields, type FieldType, INPUT_TOPICS, sqlName, sqlText } from '@storepulse/contracts';
import { type Column, type LakeType, scanSql } from '@storepulse/lake';
import { nonNull, propertiesOf, snakeCase } from '@storepulse/lake/columns';
import { type TSchema, Type } from 'typebox';

const SQL_TYPES = { integer: 'BIGINT', number: 'DOUBLE', text: 'VARCHAR', boolean: 'BOOLEAN' } as const;

/**
 * SQL of a number that no other record has, and that grows with partition and offset within a topic: 10^16 × topic + 10^12 × partition +
 * offset.
 */
export const PLACE_SQL = `(CASE "topic" ${INPUT_TOPICS.map((topic, i) => `WHEN '${topic}' THEN ${i + 1}`).join(' ')} ELSE 9 END * 10000000000000000 + "partition" * 1000000000000 + "offset")`;

/**
 * SQL of the events of some files as expressions read them: a column for each field of `fields`, named as the event names it. Beside
 * them `place`, `file` (the file's number) and the lake's envelope.
 * @param fields what the type has
 * @param files local paths with the files' numbers
 * @param found a relation of `place` and `discounts`, a list by line of those that lines leave out. @default there are none
 */
export function eventsSql(
  lakeType: LakeType,
  files: ReadonlyMap<string, number>,
  fields: Fields,
  found: string | undefined,
): string {
  const columnOf = new Map(
    lakeType.columns.flatMap((column) => {
      const field = column.field ?? SHOPS[column.name];
      return field === undefined ? [] : [[field, column] as const];
    }),
  );
  const columns = Object.keys(fields).map(
    (field) => `${fieldSql(columnOf.get(field)!, found !== undefined)} AS ${sqlName(field)}`,
  );
  const envelope = '"shop_id", "identity", "topic", "partition", "file"';
  const from = found === undefined ? 'e' : `e LEFT JOIN ${found} AS found ON found."place" = e."place"`;
  return `WITH e AS (${placedSql(lakeType, files)}) SELECT e."place" AS "place", ${envelope}, ${columns.join(', ')} FROM ${from}`;
}

/** SQL of the lake's rows of some files, with `place` and `file`, the file's number. */
export function placedSql(lakeType: LakeType, files: ReadonlyMap<string, number>): string {
  const numbers = [...files].map(([path, id]) => `(${sqlText(path)}, ${id})`);
  const scan = `(${scanSql(lakeType, [...files.keys()], true)})`;
  return `SELECT told.*, ${PLACE_SQL} AS "place", file_names."id" AS "file" FROM ${scan} AS told JOIN (VALUES ${numbers.join(', ')}) AS file_names ("path", "id") ON file_names."path" = told."filename"`;
}

/** Columns for the fields that events of other types have, null: to stand beside those of one type. */
export function missingSql(own: Fields, wanted: Fields): string {
  return Object.entries(wanted)
    .filter(([field]) => !Object.hasOwn(own, field))
    .map(([field, type]) => `, NULL::${typeSql(type)} AS ${sqlName(field)}`)
    .join('');
}

/** Columns that the shop fills, by the field that they answer for. */
const SHOPS: Readonly<Record<string, string>> = { currency: 'currency', scale: 'scale' };

/** Lists whose lines may leave their discount out. */
const REVERSED = new Set(['lines', 'removed']);

function fieldSql({ name, schema }: Column, hasFound: boolean): string {
  if (schema === undefined) return `e."${name}"`;
  const isValued = hasFound && REVERSED.has(name);
  return valueSql(`e."${name}"`, schema, isValued ? 'found."discounts"' : undefined);
}

/** A value of the lake with its fields named as events name them. */
function valueSql(value: string, schema: TSchema, discounts?: string): string {
  const plain = nonNull(schema);
  if (Type.IsArray(plain)) {
    const item = nonNull(plain.items);
    if (!Type.IsObject(item)) return value;
    return `list_transform(${value}, lambda x, i: ${structSql('x', item, discounts && `${discounts}[i]`)})`;
  }
  return Type.IsObject(plain)
    ? `CASE WHEN ${value} IS NULL THEN NULL ELSE ${structSql(value, plain)} END`
    : value;
}

function structSql(value: string, schema: TSchema, discount?: string): string {
  const parts = Object.entries(propertiesOf(schema)).map(([field, inner]) => {
    const own = valueSql(`${value}."${snakeCase(field)}"`, inner);
    const told = field === 'discount' && discount ? `coalesce(${own}, ${discount}, 0)` : own;
    return `${sqlName(field)} := ${told}`;
  });
  return `struct_pack(${parts.join(', ')})`;
}

function typeSql(field: FieldType): string {
  if (field.type !== 'list') return SQL_TYPES[field.type];
  const elements = Object.entries(field.elements).map(([name, each]) => `${sqlName(name)} ${typeSql(each)}`);
  return elements.length === 0 ? 'VARCHAR[]' : `STRUCT(${elements.join(', ')})[]`;
}
