import { OWN } from '@storepulse/exporter/testing/two-shops';
import type { JsonSchema, Operation } from './openapi.ts';

/** Good values of texts, by the name of their parameter or property. */
const TEXTS: Readonly<Record<string, string>> = {
  ...{ shop: OWN, refId: 'A', metric: 'gross_sales', groupBy: 'country', dimension: 'country' },
  ...{ from: 'now-1d', to: 'now', q: 'mug', sku: 'sku-1', country: 'France', interval: '1h' },
  ...{ for: '1m', seed: 'one', market: 'gb', event: 'product_viewed', limit: '10' },
};
/** Good names in the path of an address. */
const NAMES: Readonly<Record<string, string>> = {
  '/api/v1/dimensions/{name}/values': 'country',
  '/v1/scenarios/{name}': 'flash-sale',
};

/** A text put into a request in the place of a good one. */
export interface Place {
  /** Where it is put, such as `query shop` or `body /queries/0/metric`. */
  readonly where: string;
  /** The request with it. */
  readonly request: (hostile: unknown) => AskedRequest;
}

/** A request of an operation. */
export interface AskedRequest {
  readonly method: Operation['method'];
  readonly url: string;
  readonly payload?: unknown;
}

/** A value that fits a schema, the least that it asks for. */
export function sampleOf(schema: JsonSchema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(TEXTS[name]) ? TEXTS[name] : schema.enum[0];
  if (TEXTS[name] !== undefined && schema.type !== 'array' && takesText(schema)) return TEXTS[name];
  const branch = (schema.anyOf ?? schema.oneOf)?.[0];
  if (branch) return sampleOf(branch, name);
  const [type] = [schema.type ?? 'object'].flat();
  switch (type) {
    case 'string':
      return TEXTS[name] ?? 'a';
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}, name));
    case 'null':
      return null;
    default:
      return leastObject(schema);
  }
}

function leastObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {}, name)]));
}

/** All places of an operation where a request has a text. */
export function* placesOf(operation: Operation): Generator<Place> {
  const { method, path, parameters, body } = operation;
  const asked = parameters.filter(({ in: place, required }) => place === 'query' && required);
  const query = Object.fromEntries(asked.map(({ name, schema }) => [name, textOf(sampleOf(schema, name))]));
  // A stream would never end.
  if (parameters.some(({ name }) => name === 'follow')) query.follow = 'false';
  const good = body && sampleOf(body);
  const payload = good === undefined ? {} : { payload: good };
  for (const { in: place, name, schema } of parameters) {
    if (place === 'header' || !takesText(schema)) continue;
    yield {
      where: `${place} ${name}`,
      request: (hostile) => ({
        ...{ method, ...payload },
        url:
          place === 'path'
            ? address(path, query, textOf(hostile))
            : address(path, { ...query, [name]: textOf(hostile) }),
      }),
    };
  }
  if (body === undefined) return;
  for (const { at, put } of textsWithin(body, '', ''))
    yield {
      where: `body ${at}`,
      request: (hostile) => ({ method, url: address(path, query), payload: put(hostile) }),
    };
}

/** An address of an operation. @param name what stands for the parameter of the path @default a good one */
export function address(path: string, query: Readonly<Record<string, string>>, name?: string): string {
  const filled = path.replace(/\{\w+\}/g, encodeURIComponent((name ?? NAMES[path] ?? 'a').toWellFormed()));
  return `${filled}?${new URLSearchParams(query)}`;
}

/** What stands for a value in an address. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

const takesText = (schema: JsonSchema): boolean =>
  (schema.type === 'array' && takesText(schema.items ?? {})) ||
  schema.type === 'string' ||
  (schema.anyOf ?? schema.oneOf ?? []).some(takesText);

interface Text {
  readonly at: string;
  readonly put: (hostile: unknown) => unknown;
}

/** Bodies that are good but for one text, for each text that the schema has. */
function* textsWithin(schema: JsonSchema, at: string, name: string): Generator<Text> {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) {
    for (const branch of branches) yield* textsWithin(branch, at, name);
  } else if (schema.type === 'string' || typeof schema.const === 'string') {
    yield { at, put: (hostile) => hostile };
  } else if (schema.type === 'array') {
    for (const text of textsWithin(schema.items ?? {}, `${at}/0`, name))
      yield { at: text.at, put: (hostile) => [text.put(hostile)] };
  } else {
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      for (const text of textsWithin(property, `${at}/${key}`, key))
        yield { at: text.at, put: (hostile) => ({ ...leastObject(schema), [key]: text.put(hostile) }) };
  }
}
