import { setTimeout as pause } from 'node:timers/promises';
import {
  catalog,
  type MetricDocument,
  type Resolution,
  type StoredMetric,
  windowId,
} from '@storepulse/contracts';
import { documentsOf, type Happening } from '@storepulse/exporter/testing/documents';
import type { Database } from '@storepulse/processor/store/database';
import { SHOP } from './fill.ts';
import { openShop } from './open-shop.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Tasks that have a share of each window. */
const TASKS = 4;
const WINDOWS_PER_INSERT = 200;
/** Windows that differ: more would only take longer to make. */
const TEMPLATES = 48;

/** The two years that are stored. */
export const STORED = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 1) + 730 * DAY };
/** Values of each dimension of a window. */
const VALUES = { country: 38, device: 3, channel: 6, category: 20, payment_method: 5, sku: 760 };

/** What is stored: windows of a group at a resolution, over the last days of the two years. */
const RUNS: readonly { group: string; resolution: Resolution; days: number }[] = [
  { group: 'sales', resolution: '1h', days: 730 },
  { group: 'behaviour', resolution: '1h', days: 730 },
  { group: 'sessions', resolution: '1h', days: 730 },
  { group: 'sales', resolution: '1m', days: 7 },
  { group: 'sales', resolution: '1d', days: 730 },
  { group: 'behaviour', resolution: '1d', days: 730 },
];

/**
 * Writes two years of a shop's windows, with the partials they came from.
 * @returns how many cells: values of dimensions, in windows, each with all measures of its group
 */
export async function fillCells(database: Database): Promise<number> {
  const { metrics, partials } = database;
  await openShop(database, SHOP, STORED.to);
  let cells = 0;
  for (const { group, resolution, days } of RUNS) {
    const templates = Array.from({ length: TEMPLATES }, (_, n) => template(group, resolution, n));
    const length = { '1m': 60_000, '1h': HOUR, '1d': DAY }[resolution as '1m'];
    const starts = Array.from(
      { length: (days * DAY) / length },
      (_, n) => STORED.to - days * DAY + n * length,
    );
    for (let at = 0; at < starts.length; at += WINDOWS_PER_INSERT) {
      const documents = starts
        .slice(at, at + WINDOWS_PER_INSERT)
        .flatMap((start, n) => templates[(at + n) % TEMPLATES]!.map((each) => movedTo(each, start, length)));
      for (const document of documents)
        for (const byValue of Object.values(document.cells)) cells += Object.keys(byValue).length;
      await metrics.insertMany(documents, { ordered: false });
      await partials.insertMany(documents.flatMap(partialsOf), { ordered: false });
      await pause(0);
    }
  }
  return cells;
}

/** The documents of one window. The same numbers come with every run. */
function template(group: string, resolution: Resolution, seed: number): MetricDocument[] {
  const all = catalog.groups.get(group)!;
  const measures = all.filter(({ measure }) => measure === 'sum' || measure === 'count');
  let state = seed + 1;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  };
  const most = Math.max(...Object.values(VALUES));
  const named = (dimension: keyof typeof VALUES, n: number) => `${dimension}-${n % VALUES[dimension]}`;
  const happenings = Array.from({ length: most }, (_, n): Happening => {
    const dimensions = Object.keys(VALUES) as (keyof typeof VALUES)[];
    return {
      time: STORED.from,
      dimensions: Object.fromEntries(dimensions.map((each) => [each, named(each, n)])),
      adds: Object.fromEntries(measures.map((metric: StoredMetric) => [metric.name, next() % 100_000])),
    };
  });
  return documentsOf(catalog, SHOP, happenings, [resolution]).filter(
    // Products have windows of days alone here: those of hours would be all there is.
    ({ part }) => part === 'narrow' || resolution === '1d',
  );
}

function movedTo(document: MetricDocument, start: number, length: number): MetricDocument {
  const ref = { ...document, start };
  return {
    ...document,
    ...{ _id: windowId(ref as never), start: new Date(start), end: new Date(start + length) },
    ...{ version: TASKS, final: true, updatedAt: new Date(start + length) },
  };
}

function partialsOf({ _id }: MetricDocument) {
  return Array.from({ length: TASKS }, (_, task) => ({
    ...{ _id: `facts/${task}|${_id}`, task: `facts/${task}`, window: _id, seq: 1, cells: {} },
  }));
}
