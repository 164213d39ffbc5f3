import { type QueryFilter, UNKNOWN_VALUE } from '@storepulse/contracts';
import { RE2JS, RE2JSException } from 're2js';
import { ExporterError } from '../errors.ts';

/** Steps of a pattern that has been compiled: with so many, matching a value takes some milliseconds at most. */
const MOST_STEPS = 200;

/** Whether a value of a dimension is one that a filter keeps. */
export type Keeps = (value: string) => boolean;

/** A filter, ready to be used. */
export interface ReadyFilter {
  readonly keeps: Keeps;
  /** Values that it names: each could be misspelled. */
  readonly named: readonly string[];
}

/**
 * Makes a filter ready. Patterns are matched in linear time, whatever they are (RE2), and must match the whole value.
 * @throws {ExporterError} `invalid_request` for a number of values that its operator can't have, and for a text that is no
 *   pattern
 */
export function readFilter({ dimension, operator, values }: QueryFilter): ReadyFilter {
  const fault = countFault(operator, values.length);
  if (fault !== undefined)
    throw new ExporterError('invalid_request', `the filter on ${dimension}: "${operator}" takes ${fault}`);
  switch (operator) {
    case 'in':
    case '=':
    case 'not_in':
    case '!=': {
      const wanted = new Set(values);
      const isIn = operator === 'in' || operator === '=';
      return { keeps: (value) => wanted.has(value) === isIn, named: values };
    }
    case '=~':
    case '!~': {
      const pattern = compile(dimension, values[0]!);
      const isWanted = operator === '=~';
      // A row of facts asks anew for its value.
      const known = new Map<string, boolean>();
      const matches = (value: string) => {
        const found = known.get(value) ?? pattern.matches(value);
        known.set(value, found);
        return found;
      };
      return { keeps: (value) => matches(value) === isWanted, named: [] };
    }
    case 'exists':
      return { keeps: (value) => value !== UNKNOWN_VALUE, named: [] };
  }
}

/** What an operator takes instead of so many values; undefined: it takes them. */
function countFault(operator: QueryFilter['operator'], count: number): string | undefined {
  switch (operator) {
    case 'in':
    case 'not_in':
      return count > 0 ? undefined : 'at least one value';
    case 'exists':
      return count === 0 ? undefined : 'no value: leave "values" empty';
    default:
      return count === 1 ? undefined : 'one value';
  }
}

function compile(dimension: string, text: string): RE2JS {
  const pattern = parse(dimension, text);
  if (pattern.programSize() > MOST_STEPS)
    throw new ExporterError(
      'invalid_request',
      `the filter on ${dimension}: the pattern "${text}" repeats too much: make it simpler`,
    );
  return pattern;
}

function parse(dimension: string, text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new ExporterError(
      'invalid_request',
      `the filter on ${dimension}: "${text}" is no pattern of RE2: ${error.message}`,
    );
  }
}
