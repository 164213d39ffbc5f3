/** A row of a made-up file of Online Retail form. */
export interface RetailRow {
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  /** Wall time in London, `YYYY-MM-DD HH:MM:SS`. */
  readonly time: string;
  /** As in the file, such as `2.55`. */
  readonly price: string;
  /** Digits; empty when not known. */
  readonly customer: string;
  readonly country: string;
}

const COUNTRIES = ['United Kingdom', 'France', 'EIRE', 'Réunion', 'United Kingdom', 'Channel Islands', 'RSA'];
const PRODUCTS = [
  { sku: '85123A', description: 'WHITE HANGING HEART', price: '2.55' },
  // Another product than the one above: stock codes are case-sensitive.
  { sku: '85123a', description: 'White hanging heart', price: '2.95' },
  { sku: '22423', description: 'REGENCY CAKESTAND, 3 TIER', price: '12.75' },
  { sku: '21790', description: '"VINTAGE" SNAP CARDS', price: '0.85' },
  { sku: 'POST', description: 'CAFÉ "PARIS", SET OF 4', price: '18.00' },
  { sku: 'PADS', description: 'PADS TO MATCH ALL CUSHIONS', price: '0.001' },
  { sku: 'M', description: 'Manual', price: '1714.17' },
] as const;
/** So few that distinct counts are exact. */
const CUSTOMERS = 150;
const WITHOUT_CUSTOMER = 60;
const FIRST_TIME = Date.UTC(2010, 11, 1, 8, 26);
const LENGTH_MS = 373 * 86_400_000;

/**
 * The rows of `invoices` invoices, spread over the time that the real file covers, of all kinds: orders of several
 * lines, exact duplicates among them, returns, adjustments, stock movements, with and without a customer; and the
 * special ones below. The same number gives the same rows.
 */
export function retailRows(invoices: number): RetailRow[] {
  const rows = Array.from({ length: invoices }, (_, i) => invoiceRows(i, invoices)).flat();
  return [...rows, ...SPECIAL].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function invoiceRows(i: number, invoices: number): RetailRow[] {
  const time = wallTime(FIRST_TIME + (i * LENGTH_MS) / invoices);
  const kind = i % 20;
  const isUnknown = kind === 7 && i < WITHOUT_CUSTOMER * 20;
  const head = {
    time,
    customer: isUnknown ? '' : String(12_346 + ((i * 37) % CUSTOMERS)),
    country: COUNTRIES[(i * 5) % COUNTRIES.length]!,
  };
  const number = 536_365 + i;
  const row = (invoice: string, line: number, quantity: number, price?: string): RetailRow => {
    const product = PRODUCTS[(i * 3 + line) % PRODUCTS.length]!;
    return { ...head, ...product, invoice, quantity, price: price ?? product.price };
  };
  if (kind === 3) return [row(`C${number}`, 0, -1 - (i % 6)), row(`C${number}`, 1, -2)];
  if (kind === 11) return [row(String(number), 0, -(i % 90) - 1, '0.0')];
  if (kind === 13) return [row(`A${number}`, 0, 1, `-${(i % 977) + 1}.06`)];
  const lines = Array.from({ length: 1 + (i % 4) }, (_, line) =>
    row(String(number), line, 1 + ((i + line) % 48)),
  );
  if (kind === 5) lines.push(lines[0]!);
  if (kind === 9) lines.push(row(String(number), 5, 12, '0.0'));
  return lines;
}

function wallTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}:00`;
}

const special = (invoice: string, time: string, quantity: number, price: string): RetailRow => ({
  ...{
    invoice,
    time,
    quantity,
    price,
    sku: '71053',
    description: 'LANTERN',
    customer: '12399',
    country: 'Japan',
  },
});

/** What a careless pipeline gets wrong. */
const SPECIAL: readonly RetailRow[] = [
  // The minute before and after a midnight that is 23:00 in UTC, at the end of a month.
  special('700001', '2011-05-31 23:59:00', 3, '3.39'),
  special('700002', '2011-06-01 00:00:00', 4, '3.39'),
  // An invoice that spans two minutes, and two months: its first row decides.
  special('700003', '2011-07-31 23:59:00', 1, '1.00'),
  special('700003', '2011-08-01 00:00:00', 1, '1.00'),
  // The hour that there was twice, and a minute of the one that there was not.
  special('700004', '2011-10-30 01:30:00', 5, '0.42'),
  special('700005', '2011-03-27 01:30:00', 6, '0.42'),
  // One invoice of several fates.
  special('700006', '2011-04-05 12:00:00', 7, '2.10'),
  special('700006', '2011-04-05 12:00:00', 2, '0.0'),
  special('700006', '2011-04-05 12:00:00', 1, '-5.5'),
  // An order and its return twelve minutes later.
  special('700007', '2011-12-09 09:15:00', 80_995, '2.08'),
  special('C700008', '2011-12-09 09:27:00', -80_995, '2.08'),
];
