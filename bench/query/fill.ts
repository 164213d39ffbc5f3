import { catalog, hashBucket, type MetricDocument, type Shop, windowId } from '@storepulse/contracts';
import { documentsOf, type Happening } from '@storepulse/exporter/testing/documents';
import { makeShop } from '@storepulse/exporter/testing/shops';
import type { Database } from '@storepulse/processor/store/database';
import { openShop } from './open-shop.ts';

const DAY = 86_400_000;
/** Tasks that have a share of each window. */
const TASKS = 4;
const WINDOWS_PER_INSERT = 100;
const BEGIN = Date.UTC(2025, 0, 1);

/** The shop whose year is asked for. Its days are those of UTC, so that a day is one step of the clock. */
export const SHOP: Shop = makeShop({ timeZone: 'UTC' });
/** The year that is asked for. */
export const YEAR = { from: BEGIN, to: BEGIN + 365 * DAY };

/** How much the shop has sold. */
export interface Size {
  /** Products. */
  readonly skus: number;
  /** Products that are sold on a day. */
  readonly soldPerDay: number;
}

/** Writes a year of a shop's windows by product and the lifetimes of 60 countries, with the partials they came from. */
export async function fill(database: Database, size: Size): Promise<void> {
  const { metrics, partials } = database;
  await openShop(database, SHOP, YEAR.to);
  let documents: MetricDocument[] = [];
  const write = async () => {
    if (documents.length === 0) return;
    await metrics.insertMany(documents);
    await partials.insertMany(documents.flatMap(({ _id }) => partialsOf(_id)));
    documents = [];
  };
  for (let day = 0; day < 365; day++) {
    documents.push(...windowsOfDay(day, size));
    if (documents.length >= WINDOWS_PER_INSERT) await write();
  }
  const rest = documentsOf(catalog, SHOP, lifetimes(), ['1d', 'all', '10s', '1m']);
  documents.push(...rest.filter(({ part, resolution }) => part !== 'sku' || resolution !== '1d'));
  await write();
}

function partialsOf(window: string) {
  return Array.from({ length: TASKS }, (_, task) => ({
    ...{ _id: `facts/${task}|${window}`, task: `facts/${task}`, window, seq: 1, cells: {} },
  }));
}

function windowsOfDay(day: number, { skus, soldPerDay }: Size): MetricDocument[] {
  const measures = catalog.groups.get('sales')!.filter(({ dimensions }) => dimensions.includes('sku'));
  const start = BEGIN + day * DAY;
  const buckets = new Map<number, Record<string, Record<string, number>>>();
  for (let n = 0; n < soldPerDay; n++) {
    const value = `SKU-${(day * 7 + n * 13) % skus}`;
    const bucket = hashBucket(value, 4);
    const cells = buckets.get(bucket) ?? {};
    buckets.set(bucket, cells);
    cells[value] = Object.fromEntries(measures.map(({ name }, i) => [name, 1_000 + n + i * day]));
  }
  return [...buckets].map(([bucket, cells]) => {
    const ref = {
      ...{ shop: SHOP.shop, group: 'sales', part: 'sku', resolution: '1d' as const, bucket },
    };
    return {
      ...ref,
      _id: windowId({ ...ref, start } as never),
      ...{ start: new Date(start), end: new Date(start + DAY), cells: { sku: cells } },
      ...{ version: TASKS, final: true, revision: 0, updatedAt: new Date(start + DAY) },
    };
  });
}

export function lifetimes(): Happening[] {
  const stored = [...catalog.metrics.values()].filter((metric) => metric.kind === 'stored');
  return Array.from({ length: 60 }, (_, i) => ({
    time: YEAR.to - 5_000,
    dimensions: { country: `Country ${i}`, category: `Category ${i}` },
    adds: Object.fromEntries(
      stored.map(({ name, measure }) => [
        name,
        (measure === 'last'
          ? { time: YEAR.to, id: `event-${i}`, value: i }
          : measure === 'distinct'
            ? `visitor-${i}`
            : 10 + i) as number,
      ]),
    ),
  }));
}
