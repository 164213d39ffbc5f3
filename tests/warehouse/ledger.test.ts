import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Database, openDatabase, readProject, refresh, type Scope } from '@storepulse/warehouse';
import { lakeOfEvents } from './lake-of-events.ts';
import { simulate } from './simulated.ts';
import { cellsOfTruth } from './truth-cells.ts';

const MORNING = Date.UTC(2026, 2, 28, 9);
const AFTER_ALL = Date.UTC(2030, 0, 1);
const project = readProject();
const { shop, events, truth } = simulate(MORNING, 4_000, 0.04);
const shops = new Map([[shop.shop, shop]]);

let folder: string;
/** Holds all events from the first test to the last. */
let whole: Database;
let files: Files;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
  files = await lakeOfEvents(folder, shops, events);
  whole = await openDatabase(':memory:', { threads: 1 });
  await bring(whole, files, { kind: 'all' });
});
after(async () => {
  whole?.close();
  await rm(folder, { recursive: true, force: true });
});

type Files = Awaited<ReturnType<typeof lakeOfEvents>>;
const bring = (database: Database, files: Files, scope: Scope, below = '') =>
  refresh({
    database,
    project,
    lake: { files, placeOf: (path) => join(folder, below, path), isErased: () => false },
    scope,
    settledThrough: AFTER_ALL,
  });

const cells = cellsOfTruth(truth);
/** What the ledger knows, but distributions. */
const expected = new Map(
  [...cells].filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
);

async function shownCells(database: Database): Promise<Map<string, number>> {
  const rows = await database.rows(
    `select shop_date::varchar as day, metric, dimension, value, amount from daily_cells where amount <> 0`,
  );
  return new Map(
    rows.map((row) => [`${row.day}|${row.metric}|${row.dimension}|${row.value}`, Number(row.amount)]),
  );
}

/** Compares maps by what differs, which is short where they agree. */
function assertSame(shown: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): void {
  const differing = [...new Set([...shown.keys(), ...expected.keys()])].flatMap((key) =>
    shown.get(key) === expected.get(key) ? [] : [`${key}: ${shown.get(key)} instead of ${expected.get(key)}`],
  );
  assert.deepEqual(differing.slice(0, 20), []);
}

test('every metric, by every dimension and day, is what the ledger knows, with all faults at 5 %', async () => {
  const database = whole;

  assert.ok(expected.size > 3_000, `${expected.size} cells`);
  assert.deepEqual([...truth.keys()], ['2026-03-28', '2026-03-29'], 'the second day has 23 hours');
  assertSame(await shownCells(database), expected);
});

test('quantiles lie between the values that the ledger knows', async () => {
  const database = whole;
  const rows = await database.rows(
    'select shop_date::varchar as day, metric, dimension, value, low, high from daily_quantiles',
  );
  assert.ok(rows.length > 50, `${rows.length} rows`);
  for (const { day, metric: name, dimension, value, low, high } of rows) {
    const key = `${day}|${name}|${dimension}|${value}`;
    assert.deepEqual({ low: Number(low), high: Number(high) }, cells.get(key), key);
  }
});

test('what comes later changes the days that it is of, and those where its visits began, and nothing else is read', async (t) => {
  const early = events.filter((_, i) => i % 3 !== 0 || i < 2_500);
  const late = events.filter((event) => !early.includes(event));
  const database = await openDatabase(':memory:', { threads: 1 });
  t.after(() => database.close());
  const first = await lakeOfEvents(join(folder, 'parts'), shops, early);
  const more = await lakeOfEvents(join(folder, 'parts'), shops, late, early);
  const bringParts = (parts: Files) => bring(database, parts, { kind: 'changed' }, 'parts');
  await bringParts(first);
  const { days } = await bringParts([...first, ...more]);
  assert.equal(days, 2);
  assertSame(await shownCells(database), expected);
  const { days: none } = await bringParts([...first, ...more]);
  assert.equal(none, 0, 'nothing has changed since');
  assertSame(await shownCells(database), expected);
});

test('a day that is made anew is what it was', async () => {
  const database = whole;
  await bring(database, files, { kind: 'range', from: '2026-03-29', to: '2026-03-29' });
  assertSame(await shownCells(database), expected);
});

test('where data contradict the models, the run fails with examples and the warehouse stays as it was', async () => {
  const database = whole;
  const wrong = events.map((logged) =>
    logged.event.type === 'order_placed' ? { ...logged, event: { ...logged.event, subtotal: 1 } } : logged,
  );
  const wrongFiles = await lakeOfEvents(join(folder, 'wrong'), shops, wrong);
  const lake = {
    files: wrongFiles,
    placeOf: (path: string) => join(folder, 'wrong', path),
    isErased: () => false,
  };
  await assert.rejects(
    refresh({ database, project, lake, scope: { kind: 'all' }, settledThrough: AFTER_ALL }),
    /order_lines_add_up: \d+ rows, such as\n +{"order_key":"first\|/,
  );
  assertSame(await shownCells(database), expected);
});
