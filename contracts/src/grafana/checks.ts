import { SHOP_PATTERN } from '../ids.ts';
import type { StorepulseFilter } from './stored-query.ts';

/** Bounds of the exporter's schema; a test compares them with it. */
export const MAX = { metrics: 20, metric: 80, dimension: 60, filters: 10, values: 500, value: 128 } as const;

const shopPattern = new RegExp(SHOP_PATTERN);

/** Thrown for a query that the exporter would refuse; the message says what is wrong and what to choose. */
export class UnusableQueryError extends Error {
  override readonly name = 'UnusableQueryError';
}

/** The id of a shop. @throws {UnusableQueryError} */
export function checkShop(shop: string | undefined): string {
  if (!shop) {
    throw new UnusableQueryError(
      'No shop is chosen. Choose one in the query, or a default one in the data source’s settings.',
    );
  }
  if (!shopPattern.test(shop)) {
    throw new UnusableQueryError(`"${shop}" is not the id of a shop. Choose one of the list.`);
  }
  return shop;
}

/** The code of a currency, in whatever case. @throws {UnusableQueryError} */
export function checkCurrency(text: string): string {
  const code = text.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(code)) {
    throw new UnusableQueryError(
      `"${text}" is no currency. Enter the three letters of its code, such as EUR.`,
    );
  }
  return code;
}

/** A text of a length that is possible. @throws {UnusableQueryError} */
export function checkLength(what: string, text: string, longest: number): string {
  if (text.length > longest) {
    throw new UnusableQueryError(
      `${what} "${text.slice(0, longest)}…" is longer than ${longest} characters.`,
    );
  }
  return text;
}

/** A whole number from 1 on; undefined where none is set. @throws {UnusableQueryError} */
export function checkCount(
  what: string,
  count: number | string | undefined,
  most: number,
): number | undefined {
  if (count === undefined) {
    return undefined;
  }
  const number = Number(count);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new UnusableQueryError(`${what} ${count} is not possible: enter a whole number from 1 to ${most}.`);
  }
  return number;
}

/** Filters as the exporter takes them. @throws {UnusableQueryError} */
export function checkFilters(filters: readonly StorepulseFilter[] = []): StorepulseFilter[] {
  if (filters.length > MAX.filters) {
    throw new UnusableQueryError(
      `A query takes ${MAX.filters} filters, and this one has ${filters.length}. Remove some.`,
    );
  }
  return filters.map(checkFilter);
}

function checkFilter({ dimension, operator, values }: StorepulseFilter): StorepulseFilter {
  checkLength('The dimension of a filter', dimension, MAX.dimension);
  if (operator !== 'in' && operator !== 'not_in') {
    throw new UnusableQueryError(
      `The filter on ${dimension} has the operator "${operator}". Choose "is one of" or "is none of".`,
    );
  }
  if (values.length > MAX.values) {
    throw new UnusableQueryError(
      `The filter on ${dimension} has ${values.length} values, and ${MAX.values} are possible. Choose fewer, or All.`,
    );
  }
  for (const value of values) {
    checkLength(`A value of ${dimension},`, value, MAX.value);
  }
  return { dimension, operator, values };
}
