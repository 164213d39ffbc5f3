import { exact } from '../money.ts';
import { type Aggregator, asNumber } from './aggregator.ts';

/** A number at rest. */
const NUMBER_BYTES = 8;

/** How many values were added; the values themselves do not matter. Exact. */
export const count: Aggregator<number> = {
  zero: () => 0,
  add: (state) => state + 1,
  remove: (state) => state - 1,
  merge: (into, from) => into + from,
  encode: (state) => state,
  bytes: () => NUMBER_BYTES,
  decode: asNumber,
  value: (state) => state,
};

/**
 * The sum of integers (money in minor units, pieces, milliseconds). Exact up to ±(2^53 − 1), beyond which
 * encoding throws rather than lose a unit.
 */
export const sum: Aggregator<number> = {
  zero: () => 0,
  add: (state, value) => state + (value as number),
  remove: (state, value) => state - (value as number),
  merge: (into, from) => into + from,
  encode: exact,
  bytes: () => NUMBER_BYTES,
  decode: asNumber,
  value: (state) => state,
};

/** The least number added; null before the first. Exact, idempotent. */
export const min: Aggregator<number> = {
  zero: () => Number.POSITIVE_INFINITY,
  add: (state, value) => Math.min(state, value as number),
  merge: Math.min,
  encode: (state) => state,
  bytes: () => NUMBER_BYTES,
  decode: asNumber,
  value: (state) => (state === Number.POSITIVE_INFINITY ? null : state),
};

/** The greatest number added; null before the first. Exact, idempotent. */
export const max: Aggregator<number> = {
  zero: () => Number.NEGATIVE_INFINITY,
  add: (state, value) => Math.max(state, value as number),
  merge: Math.max,
  encode: (state) => state,
  bytes: () => NUMBER_BYTES,
  decode: asNumber,
  value: (state) => (state === Number.NEGATIVE_INFINITY ? null : state),
};
