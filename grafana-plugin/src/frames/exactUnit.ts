/** A currency that Grafana has a unit of its own for. */
const GRAFANA_CURRENCY = /^currency([A-Z]{3})$/;
/** How the exporter names any other currency: its code behind the number. */
const OTHER_CURRENCY = /^suffix: ([A-Z]{3})$/;

/** True for units that Grafana shortens: £1,234 to £1.23K, 1,234 ms to 1.23 s. */
export function isShortened(unit: string | undefined): boolean {
  return unit === 'short' || unit === 'ms' || GRAFANA_CURRENCY.test(unit ?? '');
}

/**
 * The unit that shows a number with all of its digits, in groups of three, where Grafana's own would shorten it:
 * £1,234,567.89 for `currencyGBP`, which gives £1.23M. Units of other kinds are returned as they are.
 */
export function exactUnit(unit = ''): string {
  const [, currency] = GRAFANA_CURRENCY.exec(unit) ?? [];
  if (currency) {
    return `currency:financial:${currencySymbol(currency)}`;
  }
  const [, other] = OTHER_CURRENCY.exec(unit) ?? [];
  if (other) {
    return `currency:financial: ${other}:suffix`;
  }
  if (unit === 'ms') {
    return 'currency:financial: ms:suffix';
  }
  return unit === 'short' ? 'locale' : unit;
}

function currencySymbol(currency: string): string {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  return format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
}
