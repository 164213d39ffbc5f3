import type { FastifySchemaValidationError } from 'fastify';

/** Makes one message of what does not fit a schema: the place in the request, then what was expected. */
export function describeFaults(errors: FastifySchemaValidationError[], where: string): Error {
  const fault = errors[0]!;
  return new Error(`${where}${fault.instancePath.replaceAll('/', '.')} ${expectation(fault)}`);
}

function expectation({ keyword, params, message }: FastifySchemaValidationError): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as string[]).join(', ')}`;
  if (keyword === 'additionalProperties')
    return `has the unknown property "${params.additionalProperty as string}"`;
  return message ?? 'does not fit';
}
