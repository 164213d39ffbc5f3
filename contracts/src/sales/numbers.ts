import { MoneyError, parseMoney } from '../money.ts';
import type { DecimalMark } from './form.ts';

/** What a number says of the mark before its decimals: that mark, that it may be either, or nothing. */
export type MarkEvidence = DecimalMark | 'either' | null;

/** Texts that stand for "nothing" where data was exported. */
const MISSING = /^(?:|nan|null|none|n\/?a|<na>|nil)$/i;
const LONGEST_MISSING = 4;
/** What a spreadsheet or pandas adds to a whole number that it kept as a fraction. */
const WHOLE_AS_FRACTION = /^([+-]?\d+)\.0{1,2}$/;
const PLAIN_WHOLE = /^-?\d{1,9}$/;
const SIMPLE = /^-?\d+(?:\.\d{1,2})?$/;
/** Digits in groups of three, and decimals. */
const BODY = /^(\d+(?:[.,]\d+)*)$/;
/** This many decimals come of binary fractions alone: 2.550000000000001. */
const NOISE_DECIMALS = 9;

/** A field without the spaces around it; empty when it says that there is nothing. */
export function fieldOf(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= LONGEST_MISSING && MISSING.test(trimmed) ? '' : trimmed;
}

/** An id without what a spreadsheet or pandas adds to numbers: 536365.0 is 536365. */
export function idOf(text: string): string {
  const field = fieldOf(text);
  return WHOLE_AS_FRACTION.exec(field)?.[1] ?? field;
}

/** What a price or quantity says of the mark before the decimals. */
export function markEvidence(text: string): MarkEvidence {
  if (SIMPLE.test(text)) return text.includes('.') && !WHOLE_AS_FRACTION.test(text) ? '.' : null;
  const body = partsOf(text)?.body;
  if (body === undefined) return null;
  const last = Math.max(body.lastIndexOf('.'), body.lastIndexOf(','));
  if (last < 0) return null;
  const mark = body[last] as DecimalMark;
  const other = mark === '.' ? ',' : '.';
  if (body.includes(other)) return mark;
  if (body.indexOf(mark) !== last) return other;
  const groups = body.length - last - 1 === 3 && last <= 3 && body[0] !== '0';
  return groups ? 'either' : mark;
}

/**
 * Reads a whole number, such as `6`, `6.0`, `-1,200` or `1 200`.
 * @returns undefined when it is none
 */
export function readWhole(text: string, mark: DecimalMark): number | undefined {
  if (PLAIN_WHOLE.test(text)) return Number(text);
  const digits = WHOLE_AS_FRACTION.exec(text)?.[1] ?? decimalOf(partsOf(text), mark);
  if (digits === undefined || !/^[+-]?\d{1,9}(?:\.0+)?$/.test(digits)) return undefined;
  return Number(digits);
}

/** What prices are in. */
export interface PriceMoney {
  /** ISO 4217 code. */
  readonly currency: string;
  /** Decimals that amounts are held with. */
  readonly scale: number;
}

/** Why a text is no price; `settledBy`: what to say of the file, when that would make it one. */
export interface PriceFault {
  readonly message: string;
  readonly settledBy?: 'currency' | 'decimal';
}

/**
 * Reads a price as an exact amount, such as `2.55`, `£1,234.50`, `1.234,50 €` or `(2.55)`.
 * @returns the amount in 10^-scale units, or why it is none
 */
export function readPrice(
  text: string,
  mark: DecimalMark,
  { scale, currency }: PriceMoney,
): number | PriceFault {
  if (SIMPLE.test(text)) return amountOf(text, scale);
  const parts = partsOf(text);
  if (parts && parts.sign !== '' && !signsOf(currency).has(parts.sign.toUpperCase())) {
    return { message: `is not in ${currency}`, settledBy: 'currency' };
  }
  const decimal = decimalOf(parts, mark);
  if (decimal === undefined) {
    return { message: `is not a usable amount with "${mark}" before its decimals`, settledBy: 'decimal' };
  }
  return amountOf(withoutNoise(decimal, scale), scale);
}

function amountOf(decimal: string, scale: number): number | PriceFault {
  try {
    return parseMoney(decimal, scale);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    return { message: `is not a usable amount: it has more than ${scale} decimals, or is too large` };
  }
}

/** A piece of the input as shown to people: cut, and without characters that play tricks on a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

interface NumberParts {
  readonly negative: boolean;
  /** A sign or code of a currency; empty: none. */
  readonly sign: string;
  /** Digits, points and commas. */
  readonly body: string;
}

/** Takes a number apart: minus or accountants' brackets, the currency's sign on either side, spaces and apostrophes. */
function partsOf(text: string): NumberParts | undefined {
  const match =
    /^(\()?\s*([-+\u2212]?)\s*(\p{Sc}|[A-Za-z]{3})?\s*([-+\u2212]?)\s*(\d[\d.,\s'\u2019]*?)\s*(\p{Sc}|[A-Za-z]{3})?\s*([-\u2212]?)\s*(\))?$/u.exec(
      text,
    );
  if (!match) return undefined;
  const [, open, minusA = '', before, minusB = '', digits, after, minusC = '', close] = match;
  const body = digits!.replaceAll(/(?<=\d)[\s'\u2019](?=\d{3}(?!\d))/g, '');
  const signs = [minusA, minusB, minusC].filter((sign) => sign !== '');
  if ((open === undefined) !== (close === undefined) || signs.length + (open ? 1 : 0) > 1) return undefined;
  if ((before !== undefined && after !== undefined) || !BODY.test(body)) return undefined;
  return {
    negative: open !== undefined || signs.some((sign) => sign !== '+'),
    sign: before ?? after ?? '',
    body,
  };
}

/** The number as digits with a point before the decimals; undefined when its groups are not of three digits. */
function decimalOf(parts: NumberParts | undefined, mark: DecimalMark): string | undefined {
  if (!parts) return undefined;
  const [whole, fraction, ...more] = parts.body.split(mark) as [string, ...string[]];
  const grouped = mark === '.' ? /^\d{1,3}(?:,\d{3})+$|^\d+$/ : /^\d{1,3}(?:\.\d{3})+$|^\d+$/;
  if (more.length > 0 || !grouped.test(whole) || !/^\d*$/.test(fraction ?? '')) return undefined;
  const digits = whole.replaceAll(/[.,]/g, '');
  return `${parts.negative ? '-' : ''}${digits}${fraction ? `.${fraction}` : ''}`;
}

/** 2.550000000000001 is how a binary fraction tells 2.55; what really has too many decimals stays as it is. */
function withoutNoise(decimal: string, scale: number): string {
  const fraction = decimal.split('.')[1] ?? '';
  if (fraction.length < NOISE_DECIMALS || !/^(?:0{5}|9{5})/.test(fraction.slice(scale))) return decimal;
  return Number(decimal).toFixed(scale);
}

/** The code of a currency, and the signs by which it is told. */
function signsOf(currency: string): ReadonlySet<string> {
  const signs = (['symbol', 'narrowSymbol'] as const).map((currencyDisplay) =>
    new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
      .formatToParts(1)
      .find(({ type }) => type === 'currency')!
      .value.toUpperCase(),
  );
  return new Set([currency, ...signs]);
}
