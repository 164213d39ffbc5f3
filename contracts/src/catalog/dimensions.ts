import { SEGMENT_VALUES } from './facts.ts';
import { type DimensionSpec, OTHER_VALUE, UNKNOWN_VALUE } from './model.ts';

/**
 * Any name that events may carry: not blank, without control characters and without halves of characters, which no text
 * format can store.
 * @param longest in Unicode characters; as long as the events' own fields may be
 */
export function anyName(longest: number) {
  return {
    pattern: new RegExp(`^(?=.*\\S)[^\\p{Cc}\\p{Cs}]{1,${longest}}$`, 'su'),
    form: `any name of at most ${longest} characters, not blank and without control characters`,
    longest,
  };
}
const NAME = anyName(80);

export const country: DimensionSpec = {
  name: 'country',
  title: 'Country',
  synonyms: ['nation', 'region', 'market', 'geo'],
  description: 'Country of the visitor or the order, as the source names it',
  domain: NAME,
};

export const category: DimensionSpec = {
  name: 'category',
  title: 'Category',
  synonyms: ['product type', 'department', 'collection'],
  description: 'Category of the product at the time of the event',
  domain: NAME,
};

export const sku: DimensionSpec = {
  name: 'sku',
  title: 'Product',
  synonyms: ['SKU', 'product', 'article', 'item'],
  description: 'Stock keeping unit, case-sensitive',
  domain: anyName(128),
  wide: true,
  namedBy: 'products',
};

export const device: DimensionSpec = {
  name: 'device',
  title: 'Device',
  synonyms: ['platform'],
  description: 'Kind of device',
  domain: { values: ['desktop', 'mobile', 'tablet'] },
};

export const channel: DimensionSpec = {
  name: 'channel',
  title: 'Channel',
  synonyms: ['source', 'medium', 'traffic source', 'acquisition'],
  description: 'How the visit came to the shop',
  domain: {
    values: [
      'direct',
      'organic_search',
      'paid_search',
      'social',
      'email',
      'referral',
      'affiliate',
      'display',
    ],
  },
};

export const paymentMethod: DimensionSpec = {
  name: 'payment_method',
  title: 'Payment method',
  synonyms: ['payment type', 'tender'],
  description: 'How the order was paid, or was tried to be',
  domain: { values: ['card', 'paypal', 'wallet', 'invoice', 'bank_transfer', 'cash'] },
};

export const step: DimensionSpec = {
  name: 'step',
  title: 'Checkout step',
  synonyms: ['funnel step'],
  description: 'Step of the checkout',
  domain: { values: ['address', 'shipping', 'payment', 'review'] },
};

export const service: DimensionSpec = {
  name: 'shop_service',
  title: 'Service',
  description: 'Service of the shop that wrote the line',
  domain: NAME,
};

export const level: DimensionSpec = {
  name: 'level',
  title: 'Level',
  description: 'Level of the log line',
  domain: { values: ['debug', 'info', 'warn', 'error'] },
};

export const cohort: DimensionSpec = {
  name: 'cohort',
  title: 'Cohort',
  synonyms: ['first-order month', 'month of first order'],
  description: 'Calendar month of a customer’s first order, in the shop’s time zone',
  domain: { pattern: /^\d{4}-(0[1-9]|1[0-2])$/, form: 'year and month, such as `2011-11`' },
  ordered: true,
};

export const segment: DimensionSpec = {
  name: 'segment',
  title: 'Segment',
  synonyms: ['RFM', 'customer group'],
  description:
    'Where a customer stands at the window’s end, by recency and frequency: ordered within 90 days: new (one order), loyal (two to four), champion (five and more); within a year: one_time (one order), at_risk (more); longer ago: lost',
  domain: { values: SEGMENT_VALUES },
};

/**
 * The value under which a row counts: `unknown` when the event does not tell, `other` outside the domain. A pure
 * function of the event, so reading the log again gives the same cells.
 */
export function dimensionValue(dimension: DimensionSpec, raw: string | null | undefined): string {
  if (raw === null || raw === undefined || raw === '') return UNKNOWN_VALUE;
  const { domain } = dimension;
  const known = 'values' in domain ? domain.values.includes(raw) : domain.pattern.test(raw);
  return known ? raw : OTHER_VALUE;
}
