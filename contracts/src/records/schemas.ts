import { type TProperties, type TSchema, Type } from 'typebox';
import { personalFields } from '../events/envelope.ts';
import { eventRegistry } from '../events/index.ts';
import { SHOP_PATTERN } from '../ids.ts';
import { literals } from '../literals.ts';
import { QueryTime } from '../query.ts';
import type { RecordSpec } from './model.ts';

/** Records of a page when the request does not say how many. */
export const DEFAULT_RECORDS = 100;
/** Records of a page at most. */
export const MOST_RECORDS = 500;

type ObjectSchema = TSchema & { readonly properties: TProperties; readonly required?: readonly string[] };

const schemaOf = ({ event }: RecordSpec) => eventRegistry.get(event)!.schema as ObjectSchema;

/** The fields of a kind of record that are personal. */
export function personalFieldsOf(spec: RecordSpec): readonly string[] {
  return personalFields(schemaOf(spec));
}

/** The fields that a record is answered with. An event's own id is left out, unless it names the record. */
export function fieldsOfRecord(spec: RecordSpec): readonly string[] {
  return Object.keys(schemaOf(spec).properties).filter(
    (name) => name !== 'type' && (name !== 'eventId' || spec.id === name),
  );
}

/** The schema of a record as it is answered: amounts in whole currency units, personal fields for who may see them. */
export function recordSchema(spec: RecordSpec): TSchema {
  const fields = fieldsOfRecord(spec);
  const personal = new Set(personalFieldsOf(spec));
  const { properties, required } = schemaOf(spec);
  const answered = fields.map((name) => {
    const schema = answerSchema(properties[name]!, name, spec);
    if (personal.has(name))
      return [name, Type.Optional(Type.Union([schema, Type.Null()], { description: PERSONAL }))];
    return [name, required?.includes(name) ? schema : Type.Optional(schema)];
  });
  return Type.Object(Object.fromEntries(answered));
}

const PERSONAL = 'personal: there for who has the scope `read:personal`; null once the customer is erased';

function answerSchema(schema: TSchema, path: string, spec: RecordSpec): TSchema {
  const { items, description } = schema as { items?: ObjectSchema; description?: string };
  if (spec.money.includes(path))
    return Type.Number({ description: `${description}; in whole currency units` });
  if (!items?.properties) return schema;
  const properties = Object.entries(items.properties).map(([name, each]) => [
    name,
    answerSchema(each, `${path}.${name}`, spec),
  ]);
  return Type.Array(Type.Object(Object.fromEntries(properties)));
}

/** The schema of a page of records. */
export function recordPageSchema(spec: RecordSpec) {
  return Type.Object({
    records: Type.Array(recordSchema(spec)),
    next: Type.Union([Type.String(), Type.Null()], {
      description: '`cursor` of the next page; null: there is none',
    }),
    currency: Type.String({ description: 'ISO 4217 code of the amounts' }),
  });
}

/** The schema of the parameters that a kind of record is listed by. */
export function recordQuerySchema(spec: RecordSpec) {
  const filters = Object.entries(spec.filters).map(([name, { schema }]) => [name, Type.Optional(schema)]);
  const time = {
    from: Type.Optional(Type.Unsafe<QueryTime>({ ...QueryTime, description: `${spec.time} from then on` })),
    to: Type.Optional(Type.Unsafe<QueryTime>({ ...QueryTime, description: `${spec.time} before then` })),
  };
  return Type.Object(
    {
      shop: Type.String({ pattern: SHOP_PATTERN }),
      ...(spec.time === undefined ? {} : time),
      sort: Type.Optional(
        literals(
          spec.sorts.map(({ name }) => name),
          { description: `with \`-\` the greatest first; ${spec.sorts[0]!.name} when absent` },
        ),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_RECORDS, default: DEFAULT_RECORDS })),
      cursor: Type.Optional(Type.String({ maxLength: 1_000, description: '`next` of the page before' })),
      ...Object.fromEntries(filters),
    },
    { additionalProperties: false },
  );
}
