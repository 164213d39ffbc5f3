import { type TProperties, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { firstFault } from '../first-fault.ts';
import type { AmountFault } from './expand.ts';
import { AMOUNT_FIELDS, type AmountType } from './fields.ts';

const validators = new Map<string, Validator>(
  Object.entries(AMOUNT_FIELDS).map(([type, { fields, omissible }]) => {
    const optional = Object.entries(fields).map(([name, field]) => [
      name,
      name in omissible ? Type.Optional(field) : field,
    ]);
    return [type, Compile(Type.Object(Object.fromEntries(optional) as TProperties))];
  }),
);

/** The first of an event's amounts that does not fit its field. */
export function checkAmounts(type: AmountType, event: object): AmountFault | undefined {
  const validator = validators.get(type)!;
  if (validator.Check(event)) return undefined;
  return { code: 'schema-violation', ...firstFault(validator.Errors(event)) };
}
