import { ANY_CHARACTER } from '@storepulse/contracts/testing/any-character';
import fc from 'fast-check';
import type { JsonSchema, Operation } from './openapi.ts';
import { type AskedRequest, address, sampleOf, textOf } from './samples.ts';

/** Values that break careless readers. */
const HOSTILE: readonly unknown[] = [
  ...['', ' ', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\u0000', '\ud800', '\u202e', '𝕊'],
  ...['$where', '../../etc/passwd', '%00', '%', '<script>', 'a|b', 'a.b', 'x'.repeat(3_000), 'NaN', '-0'],
  ...['now-999999999y', 'now/d', 'now+1M/M', '0001-01-01', '+275760-09-13', '1e400', '((a+)+)+$', '[', '('],
  ...[null, true, -0, -1, 0.1, 1e308, 2 ** 53, 8.64e15, -8.64e15, [], {}, { $gt: '' }, [[[[]]]], ['a', 'a']],
];
const hostile = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: ANY_CHARACTER, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Mostly what fits a schema, at its edges too, and now and then what does not. */
function wishOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: fittingOf(schema, name) },
    { weight: 5, arbitrary: fc.constant(sampleOf(schema, name)) },
    { weight: 1, arbitrary: hostile },
  );
}

function fittingOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return fc.oneof(...branches.map((branch) => fittingOf(branch, name)));
  const [type] = [schema.type ?? 'object'].flat();
  switch (type) {
    case 'string':
      return fc.oneof(
        { weight: 6, arbitrary: fc.constant(sampleOf(schema, name)) },
        {
          weight: 1,
          arbitrary: fc.string({ minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? 50 }),
        },
      );
    case 'integer':
      return edged(
        schema,
        fc.integer({ min: schema.minimum ?? -1e9, max: Math.min(schema.maximum ?? 1e13, 2e9) }),
      );
    case 'number':
      return edged(
        schema,
        fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true }),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(wishOf(schema.items ?? {}, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, 4)),
      });
    default:
      return objectOf(schema);
  }
}

const edged = ({ minimum, maximum }: JsonSchema, within: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof(within, fc.constantFrom(...[minimum, maximum, 1, 100].filter((edge) => edge !== undefined)));

function objectOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const values = Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, wishOf(of, name)]));
  const whole = fc.record(values, { requiredKeys: [...required] });
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: fc.record(values, { requiredKeys: [] }) },
    {
      weight: 1,
      arbitrary: fc.tuple(whole, hostile).map(([value, more]) => ({ ...value, [textOf(more)]: more })),
    },
  );
}

/** Forms of an answer that a client may ask for. */
const ACCEPT = [
  'application/json',
  'text/csv',
  '*/*',
  'application/openmetrics-text',
  'text/html;q=0.1',
  ',;=',
];

/** A request with its headers. */
export interface FuzzedRequest extends AskedRequest {
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests of an operation, made from its schemas. */
export function requestsOf({ method, path, parameters, body }: Operation): fc.Arbitrary<FuzzedRequest> {
  const of = (place: string) => parameters.filter((each) => each.in === place);
  const queried = of('query').filter(({ name }) => name !== 'follow');
  const query = fc.record(
    Object.fromEntries(queried.map(({ name, schema }) => [name, wishOf(schema, name).map(textOf)])),
    { requiredKeys: queried.filter(({ required }) => required).map(({ name }) => name) },
  );
  // A stream would never end.
  const ending = parameters.some(({ name }) => name === 'follow') ? { follow: 'false' } : {};
  const [named] = of('path');
  const name = named
    ? fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fittingOf(named.schema, named.name).map(textOf) },
        { weight: 1, arbitrary: hostile.map(textOf) },
      )
    : fc.constant(undefined);
  const payload = body ? wishOf(body, '') : fc.constant(undefined);
  return fc
    .record({ query, name, payload, accept: fc.constantFrom(...ACCEPT) })
    .map(({ query: asked, name: filled, payload: sent, accept }) => ({
      ...{ method, url: address(path, { ...asked, ...ending } as Record<string, string>, filled) },
      ...(sent === undefined ? {} : { payload: JSON.stringify(sent) }),
      headers: { accept, ...(sent === undefined ? {} : { 'content-type': 'application/json' }) },
    }));
}
