import {
  convertMoney,
  type FrameField,
  type MetricSpec,
  type Shop,
  toCurrencyUnits,
} from '@storepulse/contracts';

/** Currencies that Grafana has a unit of its own for, by ISO 4217. */
const GRAFANA_CURRENCIES = new Set(
  'BGN BRL CHF CZK DKK EUR GBP IDR ILS INR ISK JPY KRW MYR NOK PHP PLN PYG RUB SEK TRY UAH USD UYU VND XPF ZAR'.split(
    ' ',
  ),
);
/** A quotient or an estimate is no amount anyone pays: more decimals than a price has would feign precision. */
const QUOTIENT_DECIMALS = 2;

/** Whether a metric's values are integers of its stored unit, rather than quotients or estimates. */
function isExact(metric: MetricSpec): boolean {
  if (metric.kind === 'ratio' || metric.kind === 'quantile') return false;
  return metric.kind !== 'stored' || metric.measure !== 'distribution';
}

/** How a shop's money is held and named. */
export type ShopMoney = Pick<Shop, 'currency' | 'scale'> & {
  /** The currency that it is shown in, and by which rate. @default its own */
  readonly shownIn?: ShownIn | undefined;
};

/** Another currency than the shop's. */
export interface ShownIn {
  readonly currency: string;
  /** Decimals of its amounts. */
  readonly scale: number;
  /** What one unit of the shop's currency is worth in it, as a decimal. */
  readonly rate: string;
}

/** An amount in stored units as people read it: in whole units of the currency that it is shown in. */
export function toShownUnits(amount: number, { scale, shownIn }: ShopMoney): number {
  if (!shownIn) return toCurrencyUnits(amount, scale);
  return toCurrencyUnits(convertMoney(amount, scale, shownIn.rate, shownIn.scale), shownIn.scale);
}

/** How many stored units one unit of the currency is that amounts are shown in. */
export function storedPerShown({ scale, shownIn }: ShopMoney): number {
  return 10 ** scale / Number(shownIn?.rate ?? 1);
}

/** A Grafana unit id of amounts in a currency; `suffix: CUR` where Grafana has none. */
function currencyUnit(currency: string): string {
  return GRAFANA_CURRENCIES.has(currency) ? `currency${currency}` : `suffix: ${currency}`;
}

/** Unit, decimals and definition of a metric's field. */
export function fieldConfig(metric: MetricSpec, shop: ShopMoney): FrameField['config'] {
  return { displayName: metric.title, description: metric.description, ...unitConfig(metric, shop) };
}

function unitConfig(metric: MetricSpec, shop: ShopMoney): FrameField['config'] {
  const { currency, scale } = shop.shownIn ?? shop;
  switch (metric.unit) {
    case 'money':
      return {
        unit: currencyUnit(currency),
        decimals: isExact(metric) ? scale : Math.min(scale, QUOTIENT_DECIMALS),
      };
    case 'count':
      return { unit: 'short', decimals: metric.kind === 'ratio' ? QUOTIENT_DECIMALS : 0 };
    case 'ratio':
      return { unit: 'percentunit', decimals: QUOTIENT_DECIMALS };
    case 'milliseconds':
      return { unit: 'ms', decimals: 0 };
  }
}

/** A metric's stored value as people read it: money in currency units, all else as it is. */
export function toReadable({ unit }: MetricSpec, value: number | null, shop: ShopMoney): number | null {
  return value === null || unit !== 'money' ? value : toShownUnits(value, shop);
}
