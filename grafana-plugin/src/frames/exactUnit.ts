const GRAFANA_CURRENCY = /^currency([A-Z]{3})$/;

/** True for units that Grafana shortens: £1,234 to £1.23 K. */
export function isShortened(unit: string | undefined): boolean {
  return unit === 'short' || GRAFANA_CURRENCY.test(unit ?? '');
}

/**
 * The unit that shows a number with all of its digits where Grafana's own would shorten it: £1,234,567.89 for
 * `currencyGBP`, which gives £1.23 Mil. Units that do not shorten are returned as they are.
 */
export function exactUnit(unit: string | undefined): string | undefined {
  const currency = unit ? GRAFANA_CURRENCY.exec(unit)?.[1] : undefined;
  if (currency) {
    return `currency:financial:${currencySymbol(currency)}`;
  }
  return unit === 'short' ? 'locale' : unit;
}

function currencySymbol(currency: string): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  return parts.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
}
