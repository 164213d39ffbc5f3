import {
  type Conversion,
  defaultScale,
  type MetricQuery,
  type Shop,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { MetricStore } from '../store/store.ts';
import type { Allowance } from '../work/allowance.ts';
import type { TimeRange } from './buckets.ts';
import type { Notice } from './plan.ts';
import type { ShownIn } from './units.ts';

/** Days that a refusal names. */
const MOST_NAMED = 3;

/** How the money of an answer is converted. */
export interface Converted {
  readonly shownIn: ShownIn;
  readonly told: Conversion;
  readonly notice: Notice;
}

/** Where and when it is asked. */
export interface ConversionPlace {
  readonly shop: Shop;
  readonly calendar: ZoneCalendar;
  readonly range: TimeRange;
  /** Wall clock, epoch ms. */
  readonly now: number;
  readonly allowance: Allowance;
}

/**
 * Finds the rate that converts the money of an answer: one for all of it, so that sums, ratios and differences stay what they are.
 * @returns undefined when no other currency than the shop's is asked for
 * @throws {ExporterError} `no_rate` when the shop has told none for the day: none is guessed; `invalid_request` for a day without a
 *   currency
 */
export async function findConversion(
  { currency, rateDay }: Pick<MetricQuery, 'currency' | 'rateDay'>,
  { shop, calendar, range, now, allowance }: ConversionPlace,
  store: Pick<MetricStore, 'exchangeRate' | 'daysWithRate'>,
): Promise<Converted | undefined> {
  if (currency === undefined) {
    if (rateDay === undefined) return undefined;
    throw new ExporterError(
      'invalid_request',
      `"rateDay" (${rateDay}) tells which rate converts: name the currency in "currency" too, or leave it out`,
    );
  }
  if (currency === shop.currency) return undefined;
  const day = rateDay ?? dateOf(Math.max(range.from, Math.min(range.to - 1, now)), calendar);
  const asked = { shop: shop.shop, toCurrency: currency };
  const options = { signal: allowance.signal, timeoutMs: allowance.leftMs() };
  const found = await store.exchangeRate({ ...asked, day }, options);
  if (!found) {
    const days = await store.daysWithRate(asked, MOST_NAMED, options);
    const known =
      days.length > 0
        ? `the last days with one are ${days.join(', ')}: name one in "rateDay"`
        : 'it has never told any';
    throw new ExporterError(
      'no_rate',
      `${shop.shop} has told no rate from ${shop.currency} to ${currency} for ${day}; ${known}, or send it as exchange_rate_posted`,
    );
  }
  const { rate, source } = found;
  const told = { shop: shop.shop, from: shop.currency, to: currency, rate, day, source };
  const text = `Money is converted from ${shop.currency} to ${currency} at ${rate}, the rate of ${day} by ${source}.`;
  return {
    shownIn: { currency, scale: defaultScale(currency), rate },
    told,
    notice: { severity: 'info', text },
  };
}

/** The shop's date of an instant, such as `2026-01-31`. */
function dateOf(time: number, calendar: ZoneCalendar): string {
  const { year, month, day } = calendar.localDate(time);
  const digits = (number: number, length: number) => String(number).padStart(length, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}
