import { type Figures, figuresOf, withoutEmpty } from '../figures/figures.ts';
import type { RetailRow } from './rows.ts';

/** What a file's rows add up to. */
export interface Expected {
  /** Rows by what becomes of them. */
  readonly fates: Readonly<Record<RowFate, number>>;
  /** Events that the rows make. */
  readonly facts: number;
  readonly lifetime: Figures;
  readonly byCountry: Readonly<Record<string, Figures>>;
  readonly byMonth: Readonly<Record<string, Figures>>;
}

/** What becomes of a row. */
export type RowFate = 'order line' | 'return line' | 'adjustment' | 'stock movement';

interface Booked {
  readonly row: RetailRow;
  readonly fate: RowFate;
  /** An invoice is booked when its first row is, in that row's country, for its customer. */
  readonly first: RetailRow;
}

/** Adds a file up by going through its rows, knowing nothing of events, windows or cells. */
export function expectedOf(rows: readonly RetailRow[]): Expected {
  const first = new Map<string, RetailRow>();
  for (const row of rows) if (!first.has(row.invoice)) first.set(row.invoice, row);
  const booked = rows.map((row): Booked => ({ row, fate: fateOf(row), first: first.get(row.invoice)! }));
  const by = (nameOf: (entry: Booked) => string) =>
    withoutEmpty([...Map.groupBy(booked, nameOf)].map(([name, entries]) => [name, add(entries)] as const));
  const count = (fate: RowFate) => booked.filter((entry) => entry.fate === fate).length;
  return {
    fates: {
      'order line': count('order line'),
      'return line': count('return line'),
      adjustment: count('adjustment'),
      'stock movement': count('stock movement'),
    },
    facts:
      distinctOf(booked, 'order line', ({ row }) => row.invoice) +
      distinctOf(booked, 'return line', ({ row }) => row.invoice) +
      count('adjustment') +
      count('stock movement'),
    lifetime: add(booked),
    byCountry: by((entry) => entry.first.country),
    byMonth: by((entry) => entry.first.time.slice(0, 7)),
  };
}

function fateOf({ invoice, price }: RetailRow): RowFate {
  if (invoice.startsWith('C')) return 'return line';
  if (Number(price) === 0) return 'stock movement';
  return Number(price) < 0 ? 'adjustment' : 'order line';
}

function add(entries: readonly Booked[]): Figures {
  const sum = (fate: RowFate, of: (row: RetailRow) => number) =>
    entries.reduce((total, entry) => total + (entry.fate === fate ? of(entry.row) : 0), 0);
  const amount = ({ quantity, price }: RetailRow) => Math.abs(quantity) * Math.round(Number(price) * 1_000);
  const gross = sum('order line', amount);
  const returns = sum('return line', amount);
  const adjustments = sum('adjustment', amount);
  const buyers = distinctOf(entries, 'order line', ({ first }) => first.customer || first.invoice);
  const values = {
    gross_sales: gross,
    discounts: 0,
    units: sum('order line', ({ quantity }) => quantity),
    returns,
    adjustments,
    orders: distinctOf(entries, 'order line', ({ row }) => row.invoice),
    customers: new Set(entries.flatMap(({ first }) => first.customer || [])).size,
    buyers,
    // Without visits, a visitor is seen when ordering.
    active_visitors: buyers,
    net_sales: gross - returns,
    net_after_adjustments: gross - returns + adjustments,
  };
  return figuresOf((metric) => values[metric]);
}

function distinctOf(entries: readonly Booked[], fate: RowFate, of: (entry: Booked) => string): number {
  return new Set(entries.filter((entry) => entry.fate === fate).map(of)).size;
}
