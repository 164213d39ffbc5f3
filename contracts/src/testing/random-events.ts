import fc from 'fast-check';
import { type EventType, eventRegistry } from '../events/index.ts';

interface SchemaView {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaView[];
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly items?: SchemaView;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Words of which few are told apart, so that values meet: some in closed lists, some outside, some of no name at all. */
const WORDS = [
  'mobile',
  'desktop',
  'direct',
  'card',
  'France',
  'Côte d’Ivoire',
  'A|1',
  '',
  ' ',
  'x'.repeat(81),
];

/** Events of these types that fit their schemas, with small numbers and few different words. */
export const randomEvents = (types: readonly EventType[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.oneof(...types.map((type) => fitting(eventRegistry.get(type)!.schema as SchemaView))) as never;

function fitting(schema: SchemaView): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.max(schema.minimum ?? -5, -5), max: Math.min(schema.maximum ?? 40, 40) });
    case 'array':
      return fc.array(fitting(schema.items!), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, fitting(field)]);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] as never[] });
    }
    default:
      return fc.constantFrom(...WORDS);
  }
}
