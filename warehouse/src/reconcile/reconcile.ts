import type { Catalog } from '@storepulse/contracts';
import { WarehouseError } from '../errors.ts';
import type { Database } from '../run/database.ts';
import { askedOf, type LeftOut } from './asked.ts';
import type { Cells } from './cells.ts';
import { type Comparison, compare, type Difference } from './compare.ts';
import { addDays } from './days.ts';
import { DAYS_AT_ONCE, type Exporter, readStream } from './read-stream.ts';
import { readWarehouse, shopsOf, tellFacts, undecidedDays, type WarehouseShop } from './read-warehouse.ts';

/** What is compared. */
export interface ReconcileOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly exporter: Exporter;
  /** What must be, by shop. @default it is not known: stream and warehouse are compared */
  readonly ledger?: ReadonlyMap<string, Cells>;
  /** @default all shops of the warehouse */
  readonly shop?: string;
  /** First day. @default each shop's first */
  readonly from?: string;
  /** Last day. @default the last that has ended */
  readonly to?: string;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** Told of each part before it is compared. */
  readonly onPart?: (shop: string, from: string, to: string) => void;
}

/** What came out. */
export interface Reconciled extends Comparison {
  /** With the days that were compared; a shop of which no day has ended has none. */
  readonly shops: readonly { readonly shop: string; readonly from: string; readonly to: string }[];
  /** What of the catalogue was not compared. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Compares stream, warehouse and, where one is known, ledger: metric by metric, dimension by dimension, day by day.
 * @throws {WarehouseError} `REQUEST` for a shop that the warehouse does not have, `UNREACHABLE`
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciled> {
  const { database, catalog, exporter, ledger, now, onPart = () => {} } = options;
  const known = await shopsOf(database);
  const shops = options.shop === undefined ? known : known.filter(({ shop }) => shop === options.shop);
  if (shops.length === 0)
    throw new WarehouseError(
      'REQUEST',
      options.shop === undefined
        ? 'The warehouse has no shop yet: npm run warehouse -- run'
        : `The warehouse has no shop "${options.shop}": it has ${known.map(({ shop }) => shop).join(', ') || 'none'}.`,
    );
  const { asked, leftOut } = askedOf(catalog);
  await tellFacts(database);
  const differences: Difference[] = [];
  const compared: { shop: string; from: string; to: string }[] = [];
  let cells = 0;
  let undecided = 0;
  for (const shop of shops) {
    const { from, to } = spanOf(shop, options, now);
    if (from > to) continue;
    compared.push({ shop: shop.shop, from, to });
    for (const part of partsOf(from, to)) {
      onPart(shop.shop, part.from, part.to);
      const days = { shop: shop.shop, ...part };
      const stream = await readStream(exporter, asked, shop, part);
      const result = compare(catalog, {
        shop: shop.shop,
        stream: stream.cells,
        warehouse: await readWarehouse(database, days),
        ledger: ledger && within(ledger.get(shop.shop) ?? new Map(), part),
        undecidedDays: await undecidedDays(database, days, stream.settledThrough),
      });
      cells += result.cells;
      undecided += result.undecided;
      differences.push(...result.differences);
    }
  }
  return { cells, undecided, differences, shops: compared, leftOut };
}

function spanOf(shop: WarehouseShop, { from, to }: Pick<ReconcileOptions, 'from' | 'to'>, now: number) {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: shop.timeZone }).format(now);
  const ended = shop.lastDay < today ? shop.lastDay : addDays(today, -1);
  return { from: from ?? shop.firstDay, to: to ?? ended };
}

function* partsOf(from: string, to: string): Generator<{ from: string; to: string }> {
  for (let day = from; day <= to; day = addDays(day, DAYS_AT_ONCE)) {
    const last = addDays(day, DAYS_AT_ONCE - 1);
    yield { from: day, to: last < to ? last : to };
  }
}

function within(cells: Cells, { from, to }: { from: string; to: string }): Cells {
  return new Map([...cells].filter(([key]) => key.slice(0, 10) >= from && key.slice(0, 10) <= to));
}
