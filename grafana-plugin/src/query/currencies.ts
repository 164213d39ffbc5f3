import type { Catalog } from '../api/catalog';

/** Currencies that are traded most, for which shops are likely to tell rates. */
const COMMON = ['EUR', 'USD', 'GBP', 'JPY', 'CHF', 'CNY', 'AUD', 'CAD'];

/** Currencies to choose from: those of the shops, then the common ones. Any other can be typed. */
export function currenciesOf(catalog: Catalog | undefined): string[] {
  return [...new Set([...(catalog?.shops ?? []).map(({ currency }) => currency), ...COMMON])];
}
