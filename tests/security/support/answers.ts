import { Compile } from 'typebox/schema';
import type { Operation } from './openapi.ts';

/** What a part answered. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

type Check = (value: unknown) => string | undefined;

/** Every error is one of these, whether or not an operation says so. */
const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', pattern: '^urn:storepulse:problem:[a-z_]+$' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', minLength: 1 },
    code: { type: 'string' },
  },
};

/** Holds answers of operations against the schemas that these declare. */
export function createAnswerCheck(): (operation: Operation, answer: Answer) => string | undefined {
  const compiled = new Map<object, Check>();
  const checkOf = (schema: object): Check => {
    const known = compiled.get(schema);
    if (known) return known;
    const validator = Compile(schema);
    const check: Check = (value) => {
      if (validator.Check(value)) return undefined;
      const [, errors] = validator.Errors(value);
      return JSON.stringify(errors[0] ?? 'no reason is told');
    };
    compiled.set(schema, check);
    return check;
  };
  return ({ responses }, { statusCode, headers, body }) => {
    const type = String(headers['content-type'] ?? '').split(';')[0]!;
    const isProblem = statusCode >= 400;
    if (isProblem && type !== 'application/problem+json') return `${statusCode} is sent as ${type}`;
    const declared = responses[statusCode] ?? responses.default;
    if (declared === undefined && !isProblem) return `the status ${statusCode} is not declared`;
    if (statusCode === 204 || statusCode === 304)
      return body === '' ? undefined : 'a body where there is none';
    if (type === 'text/csv' || type.startsWith('text/plain') || type.includes('openmetrics'))
      return undefined;
    const content = declared?.content ?? {};
    const schema = (content[type] ?? content['application/json'])?.schema ?? (isProblem ? PROBLEM : {});
    const values = type === 'application/x-ndjson' ? body.split('\n').filter(Boolean) : [body];
    const schemas = isProblem ? [schema, PROBLEM] : [schema];
    try {
      const parsed: unknown[] = values.map((value) => JSON.parse(value));
      return parsed.flatMap((value) => schemas.map((each) => checkOf(each)(value))).find((fault) => fault);
    } catch (error) {
      return (error as Error).message;
    }
  };
}
