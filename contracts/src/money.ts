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
