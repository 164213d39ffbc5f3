import { CollectorError } from '../errors.ts';

/** More rows than a request may have. */
export function tooManyRows(most: number): CollectorError {
  return new CollectorError(
    'too_many_items',
    `a request may have ${most} rows: send the others in further ones, and all rows of an invoice in one`,
  );
}
