import { SHOP_PATTERN } from '@storepulse/contracts';
import {
  COLUMNS,
  DATE_ORDERS,
  DECIMAL_MARKS,
  DELIMITERS,
  type Delimiter,
  type FormOptions,
} from '@storepulse/contracts/sales/form';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { SalesForm } from '../body/media.ts';
import { CollectorError } from '../errors.ts';

/** What an import says of its sales in its address. */
export const ImportQuery = Type.Object(
  {
    shop: Type.String({ pattern: SHOP_PATTERN, description: 'the shop that the sales are of' }),
    dateOrder: Type.Optional(
      Type.Enum([...DATE_ORDERS], { description: 'how 03/04/2026 is read: day, month or year first' }),
    ),
    decimal: Type.Optional(
      Type.Enum([...DECIMAL_MARKS], { description: 'what stands before decimals; of CSV' }),
    ),
    delimiter: Type.Optional(
      Type.Enum([...DELIMITERS, 'tab'] as const, { description: 'what separates fields; of CSV' }),
    ),
    ...Object.fromEntries(
      COLUMNS.map((column) => [
        column,
        Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 200,
            description: `what the sales call the column ${column}`,
          }),
        ),
      ]),
    ),
  },
  { additionalProperties: false },
);

const validator = Compile(ImportQuery);

/**
 * Reads what an import says of its sales.
 * @throws {CollectorError} `invalid_request`
 */
export function importQueryOf(query: unknown, form: SalesForm): FormOptions & { readonly shop: string } {
  if (!validator.Check(query)) {
    const [fault] = validator.Errors(query);
    const names = Object.keys(ImportQuery.properties).join(', ');
    throw new CollectorError(
      'invalid_request',
      `the address${fault?.instancePath ? `, at ${fault.instancePath.slice(1)},` : ''} ${fault?.message ?? 'does not fit'}: it has ?shop=, and may have ${names}`,
    );
  }
  const { shop, dateOrder, decimal, delimiter, ...names } = query as Static<typeof ImportQuery>;
  if (form !== 'csv' && (decimal !== undefined || delimiter !== undefined)) {
    throw new CollectorError('invalid_request', 'decimal and delimiter are of CSV: JSON has its own');
  }
  return {
    shop,
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(delimiter === undefined ? {} : { delimiter: (delimiter === 'tab' ? '\t' : delimiter) as Delimiter }),
    map: names as NonNullable<FormOptions['map']>,
  };
}
