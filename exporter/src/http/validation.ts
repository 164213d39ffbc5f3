import type { FastifySchemaValidationError } from 'fastify';

type Fault = FastifySchemaValidationError;

/** Makes one message of what does not fit a schema: the place in the request, then what was expected. */
export function describeFaults(errors: Fault[], where: string): Error {
  const fault = ofList(faultOf(errors), errors);
  return new Error(`${where}${fault.instancePath.replaceAll('/', '.')} ${expectation(fault)}`);
}

function expectation({ keyword, params, message }: Fault): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as string[]).join(', ')}`;
  if (keyword === 'additionalProperties')
    return `has the unknown property "${params.additionalProperty as string}"`;
  return message ?? 'does not fit';
}

/** A list in a place of one text or a list of them is wrong as a list. */
function ofList(fault: Fault & Verbose, errors: Fault[]): Fault {
  if (fault.keyword !== 'type' || !Array.isArray(fault.data)) return fault;
  const isOfList = ({ instancePath, keyword }: Fault) =>
    instancePath === fault.instancePath && ['minItems', 'maxItems', 'uniqueItems'].includes(keyword);
  return errors.find(isOfList) ?? fault;
}

/** What the validator adds to its errors with the option `verbose`. */
interface Verbose {
  readonly schema?: unknown;
  readonly data?: unknown;
}
/** One of the forms that a value can have, told by its property `type`. */
interface TypedForm {
  readonly required?: readonly string[];
  readonly properties?: { readonly type?: { readonly const?: string } };
}

/** The first error; of a value that has one of several forms, the first of the form that its `type` names. */
function faultOf(errors: Fault[]): Fault {
  const union = errors.findLast(({ keyword }) => keyword === 'anyOf') as (Fault & Verbose) | undefined;
  const forms = (union?.schema ?? []) as readonly TypedForm[];
  const types = forms.flatMap(({ properties }) => properties?.type?.const ?? []);
  if (!union || types.length === 0 || typeof union.data !== 'object' || union.data === null)
    return errors[0]!;
  const { type } = union.data as { type?: unknown };
  const meant = forms.findIndex(({ required, properties }) =>
    type === undefined ? !required?.includes('type') : properties?.type?.const === type,
  );
  const own = errors.find(({ schemaPath }) => schemaPath.startsWith(`${union.schemaPath}/${meant}/`));
  if (own) return own;
  const params = { allowedValues: types };
  return { ...union, keyword: 'enum', params, instancePath: `${union.instancePath}/type` };
}
