import type { MinorUnits } from './ids.ts';

/** Thrown when an amount can't be held exactly: a caller's mistake, or a total beyond 2^53. */
export class MoneyError extends RangeError {
  override readonly name = 'MoneyError';
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal number as an exact integer of 10^-scale units: `parseMoney('2.55', 3)` is 2550.
 * @throws {MoneyError} when the text is no plain decimal, has more significant decimals than the scale, or is too large.
 */
export function parseMoney(text: string, scale: number): MinorUnits {
  const match = decimalPattern.exec(text.trim());
  if (!match) throw new MoneyError(`"${text}" is not a decimal number`);
  const [, sign, whole, fraction = ''] = match;
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > scale) throw new MoneyError(`"${text}" has more than ${scale} decimals`);
  const amount = Number(`${whole}${kept.padEnd(scale, '0')}`);
  return exact(sign === '-' ? -amount : amount);
}

/** Writes an amount as an exact decimal with all of its scale's digits: `formatMoney(2550, 3)` is `2.550`. */
export function formatMoney(amount: number, scale: number): string {
  const digits = String(Math.abs(exact(amount))).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  const sign = amount < 0 ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/**
 * The amount in whole currency units, for readers who take a float (Prometheus, Grafana).
 * The nearest double to the exact decimal, so that it prints as the same digits. An amount that is no exact integer,
 * such as a quantile or a mean, is divided.
 */
export function toCurrencyUnits(amount: number, scale: number): number {
  return Number.isSafeInteger(amount) ? Number(formatMoney(amount, scale)) : amount / 10 ** scale;
}

// Without literals and `**`: what is compiled for browsers knows neither.
const TWO = BigInt(2);
const powerOfTen = (exponent: number): bigint => BigInt(`1${'0'.repeat(exponent)}`);

const ratePattern = /^(\d+)(?:\.(\d+))?$/;

/**
 * Converts an amount by a rate, exactly: integers are multiplied as such and rounded once, halves away from zero.
 * `convertMoney(1_005, 2, '1.1', 2)` is 1106. An amount that is no exact integer, such as a quantile or a mean, is
 * multiplied as a double.
 * @param rate what one unit is worth in the other currency, as a decimal
 * @returns in units of 10^-toScale of the other currency
 * @throws {MoneyError} when the rate is no decimal, or the result can't be held exactly
 */
export function convertMoney(amount: number, scale: number, rate: string, toScale: number): number {
  const match = ratePattern.exec(rate);
  if (!match) throw new MoneyError(`"${rate}" is not a rate: write it as a decimal such as 1.1523`);
  if (!Number.isSafeInteger(amount)) return amount * Number(rate) * 10 ** (toScale - scale);
  const [, whole, fraction = ''] = match;
  const product = BigInt(Math.abs(amount)) * BigInt(`${whole}${fraction}`) * powerOfTen(toScale);
  const divisor = powerOfTen(scale + fraction.length);
  const rounded = Number((product * TWO + divisor) / (divisor * TWO));
  return exact(amount < 0 ? -rounded : rounded);
}

/** The decimals of a currency by ISO 4217, as the platform knows them: 2 for GBP, 0 for JPY, 3 for KWD. */
export function defaultScale(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/**
 * Passes an integer through when a double holds it exactly.
 * @throws {MoneyError} beyond ±(2^53 − 1), where sums would lose units silently, and for fractions.
 */
export function exact(amount: number): MinorUnits {
  if (!Number.isSafeInteger(amount)) {
    throw new MoneyError(`${amount} is not an integer that can be held exactly (±2^53 − 1)`);
  }
  return (amount === 0 ? 0 : amount) as MinorUnits;
}
