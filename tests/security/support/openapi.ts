import type { App } from '@storepulse/http';

/** A JSON Schema, as far as requests are made from it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly in: 'query' | 'path' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

/** An operation of an OpenAPI document. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: JsonSchema;
  /** By status or `default`. */
  readonly responses: Readonly<Record<string, Content>>;
  /** The scope that it asks for. */
  readonly access: string;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** Where parts serve their document. */
const DOCUMENTS = ['/api/v1/openapi.json', '/openapi.json'];

/** The operations of a part's own OpenAPI document; undefined: it has none. */
export async function operationsOf(app: App): Promise<readonly Operation[] | undefined> {
  for (const url of DOCUMENTS) {
    const answer = await app.inject(url);
    if (answer.statusCode !== 200) continue;
    const { paths } = answer.json() as { paths: Record<string, Record<string, Described>> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => readOperation(method, path, described)),
    );
  }
  return undefined;
}

function readOperation(method: string, path: string, described: Described): Operation {
  const { parameters = [], requestBody, responses = {}, security } = described;
  const body = requestBody?.content?.['application/json']?.schema;
  return {
    ...{ method: method.toUpperCase() as Operation['method'], path, parameters, responses },
    ...(body ? { body } : {}),
    access: security?.[0]?.bearer?.[0] ?? 'open',
  };
}

/** By method and address, such as `GET /v1/scenarios/:name`, the scope that a part's OpenAPI document tells of; undefined: it has none. */
export async function documentedAccess(app: App): Promise<ReadonlyMap<string, string> | undefined> {
  const operations = await operationsOf(app);
  return (
    operations &&
    new Map(
      operations.map(({ method, path, access }) => [
        `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        access,
      ]),
    )
  );
}
