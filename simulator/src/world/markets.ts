import { de, en, en_GB, en_US, ja, type LocaleDefinition } from '@faker-js/faker';
import { WEEK_SHAPES, type WeekShape } from '../behaviour/week-shapes.ts';

/** Where a shop sells: its money, its days and its customers' languages. */
export interface Market {
  readonly title: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA zone. */
  readonly timeZone: string;
  readonly weekStart: 'monday' | 'sunday';
  /** When it is busy. */
  readonly week: WeekShape;
  /** Languages of names and addresses, the first one preferred. */
  readonly locales: readonly LocaleDefinition[];
  /** Share of visits by country (ISO 3166-1 alpha-2). */
  readonly countries: Readonly<Record<string, number>>;
  /** How many currency units a price of about one pound is. */
  readonly priceLevel: number;
  /** Tax on goods, added to their price. */
  readonly taxRate: number;
  /** Charge for delivery in currency units, and the order value from which there is none. */
  readonly shipping: number;
  readonly freeShippingFrom: number;
  /** Net sales aimed at on a day, in currency units: a little more than the small shop of `npm start` has. */
  readonly dailyTarget: number;
}

/** The markets that a shop may be set up in, by their short names. The numbers here are chosen. */
export const MARKETS = {
  gb: {
    title: 'Demo Shop',
    currency: 'GBP',
    timeZone: 'Europe/London',
    weekStart: 'monday',
    week: WEEK_SHAPES.gb,
    locales: [en_GB, en],
    countries: { GB: 0.78, IE: 0.06, DE: 0.05, FR: 0.05, NL: 0.03, US: 0.03 },
    priceLevel: 1,
    taxRate: 0.2,
    shipping: 3.95,
    freeShippingFrom: 50,
    dailyTarget: 500,
  },
  de: {
    title: 'Demo-Laden',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    weekStart: 'monday',
    week: WEEK_SHAPES.de,
    locales: [de, en],
    countries: { DE: 0.8, AT: 0.1, CH: 0.04, NL: 0.03, FR: 0.03 },
    priceLevel: 1.15,
    taxRate: 0.19,
    shipping: 4.9,
    freeShippingFrom: 60,
    dailyTarget: 550,
  },
  us: {
    title: 'Demo Store',
    currency: 'USD',
    timeZone: 'America/New_York',
    weekStart: 'sunday',
    week: WEEK_SHAPES.us,
    locales: [en_US, en],
    countries: { US: 0.88, CA: 0.08, MX: 0.02, GB: 0.02 },
    priceLevel: 1.25,
    taxRate: 0.07,
    shipping: 5.99,
    freeShippingFrom: 75,
    dailyTarget: 600,
  },
  jp: {
    title: 'Demo Market',
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    weekStart: 'sunday',
    week: WEEK_SHAPES.jp,
    locales: [ja, en],
    countries: { JP: 0.95, TW: 0.02, KR: 0.02, US: 0.01 },
    priceLevel: 190,
    taxRate: 0.1,
    shipping: 600,
    freeShippingFrom: 8_000,
    dailyTarget: 90_000,
  },
} as const satisfies Record<string, Market>;

/** The short name of a market. */
export type MarketName = keyof typeof MARKETS;
