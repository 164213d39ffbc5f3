import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog, type MetricDocument, type QueryResponse, windowId } from '@storepulse/contracts';
import { type HeldPart, heldOf, joinHeld } from '@storepulse/contracts/held';
import { documentsOf, type Happening } from '@storepulse/exporter/testing/documents';
import { startServers } from '@storepulse/local';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { send } from './asking.ts';
import { cpuSecondsOf, type ExporterProcess, OWN_EXPORTER, startExporter } from './exporter-process.ts';
import { SHOP } from './fill.ts';
import { openShop } from './open-shop.ts';

const HELP = `Usage: npx node bench/query/refresh.ts [options]

What a refresh of panels costs when whole ranges are asked for, and when only what has changed is: thirty days by hour of
one metric a panel, on a real mongod, in one run. Between two refreshes the hour that is filling changes, as it does every five
seconds. Both are asked in turns of 50, so that what else the machine does meets both.

  --refreshes N  of each kind (default 400)
  --late N       every N-th refresh a late event has corrected an hour of the last day (default 0: none)
  --panels N     lines of as many metrics of sales, each a query of one request (default 1)
  --out FILE     writes the figures there as JSON
  --help
`;
const { values } = parseArgs({
  options: {
    refreshes: { type: 'string', default: '400' },
    late: { type: 'string', default: '0' },
    panels: { type: 'string', default: '1' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const HOUR = 3_600_000;
const DAYS = 30;
const HOURS = DAYS * 24;
const TURN = 50;
/** Tasks that have a share of each window. */
const TASKS = 4;
const COUNTRIES = 38;
const REFRESHES = Number(values.refreshes);
const LATE = Number(values.late);
const METRICS = ['gross_sales', 'orders', 'units', 'aov', 'net_sales', 'discounts', 'returns', 'return_rate'];
const PANELS = METRICS.slice(0, Number(values.panels));
/** The hour that is filling, all along: the bench takes minutes. */
const HOUR_NOW = Math.floor(Date.now() / HOUR) * HOUR;
const RANGE_MS = DAYS * 24 * HOUR;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-refresh-'));
const servers = await startServers({ dataDir: folder, kafka: false, mongoCacheGb: 1 });
const database = await openDatabase({ uri: servers.mongoUri, database: 'bench' });
try {
  await prepareDatabase(database);
  await fill(database);
  const figures = await measure();
  console.log(JSON.stringify(figures, null, 2));
  if (values.out) await writeFile(values.out, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await database.close();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Thirty days of hours, each with some sales of every country, and the hour that is filling. */
async function fill({ metrics, partials, db }: Database): Promise<void> {
  await openShop({ db }, SHOP, HOUR_NOW + 60_000);
  const measures = catalog.groups
    .get('sales')!
    .filter(({ measure }) => measure === 'sum' || measure === 'count');
  const happenings = Array.from(
    { length: COUNTRIES },
    (_, n): Happening => ({
      time: HOUR_NOW,
      dimensions: { country: `country-${n}` },
      adds: Object.fromEntries(measures.map(({ name }, m) => [name, 1_000 + n * 7 + m])),
    }),
  );
  const [hour, ...more] = documentsOf(catalog, SHOP, happenings, ['1h']).filter(
    ({ part }) => part === 'narrow',
  );
  if (!hour || more.length > 0) throw new Error('an hour of sales is one narrow document');
  // Its first day has data: from then on nothing stored is a zero.
  const days = documentsOf(
    catalog,
    SHOP,
    [{ ...happenings[0]!, time: HOUR_NOW - RANGE_MS - HOUR * 24 }],
    ['1d'],
  );
  const hours = Array.from({ length: HOURS + 1 }, (_, n) => hourAt(hour, HOUR_NOW - n * HOUR));
  const all = [...days, ...hours];
  await metrics.insertMany(all);
  await partials.insertMany(
    all.flatMap(({ _id }) =>
      Array.from({ length: TASKS }, (_, task) => ({
        ...{ _id: `facts/${task}|${_id}`, task: `facts/${task}`, window: _id, seq: 1, cells: {} },
      })),
    ),
  );
}

function hourAt(like: MetricDocument, start: number): MetricDocument {
  return {
    ...like,
    ...{ _id: idOf(start), start: new Date(start), end: new Date(start + HOUR) },
    ...{ version: TASKS, final: start < HOUR_NOW },
  };
}

function idOf(start: number): string {
  return windowId({
    ...{ shop: SHOP.shop, group: 'sales', part: 'narrow', resolution: '1h', start, bucket: 0 },
  } as never);
}

/** An hour is counted further, and merged. */
async function change(start: number): Promise<void> {
  const _id = idOf(start);
  await database.partials.updateOne({ _id: `facts/0|${_id}` }, { $inc: { seq: 1 } });
  await database.metrics.updateOne({ _id }, { $inc: { version: 1, 'cells.total.all.orders': 1 } as never });
}

interface Cost {
  requestBytes: number;
  answerBytes: number;
  exporterSeconds: number;
  mongodSeconds: number;
  refreshes: number;
  /** Refreshes that were answered whole. */
  wholes: number;
}
function noCost(): Cost {
  return {
    ...{ requestBytes: 0, answerBytes: 0, exporterSeconds: 0, mongodSeconds: 0, refreshes: 0, wholes: 0 },
  };
}

async function measure(): Promise<Record<string, unknown>> {
  const exporter = await startExporter(OWN_EXPORTER, {
    MONGODB_URI: servers.mongoUri,
    MONGODB_DATABASE: 'bench',
  });
  try {
    const whole = createPanels(exporter, false);
    const incremental = createPanels(exporter, true);
    // Their code is compiled by then.
    for (let n = 0; n < TURN; n++) for (const panel of [whole, incremental]) await panel(noCost());
    const costs = { whole: noCost(), incremental: noCost() };
    for (let n = 0; n < REFRESHES; n += TURN) {
      await takeTurn(exporter, whole, costs.whole);
      await takeTurn(exporter, incremental, costs.incremental);
    }
    if ((await whole(noCost())) !== (await incremental(noCost())))
      throw new Error(
        'The panel that asks for what has changed shows something else than the one that asks for all',
      );
    return {
      ...{ panels: PANELS.length, hours: HOURS, late: LATE, whole: perRefresh(costs.whole) },
      incremental: perRefresh(costs.incremental),
      ratios: ratiosOf(costs.incremental, costs.whole),
    };
  } finally {
    await exporter.stop();
  }
}

async function takeTurn(exporter: ExporterProcess, panel: ReturnType<typeof createPanels>, cost: Cost) {
  const mongod = servers.mongo.pid!;
  for (let n = 0; n < TURN; n++) {
    await change(HOUR_NOW);
    if (LATE > 0 && n % LATE === 0) await change(HOUR_NOW - (2 + (n % 22)) * HOUR);
    const [cpu, store] = [await exporter.cpuSeconds(), await cpuSecondsOf(mongod)];
    await panel(cost);
    cost.exporterSeconds += (await exporter.cpuSeconds()) - cpu;
    cost.mongodSeconds += (await cpuSecondsOf(mongod)) - store;
  }
}

/** Panels of thirty days that are refreshed together; gives what they show. */
function createPanels({ url }: ExporterProcess, holds: boolean): (cost: Cost) => Promise<string> {
  const held = new Map<string, HeldPart | undefined>();
  return async (cost) => {
    const to = Date.now();
    const range = { from: to - RANGE_MS, to };
    const queries = PANELS.map((metric) => ({
      ...{ refId: metric, shop: SHOP.shop, metric, interval: '1h' },
      ...(holds ? { held: held.get(metric)?.marks ?? [] } : {}),
    }));
    const body = JSON.stringify({ range, maxDataPoints: 1_000, queries });
    const { text, status } = await send(`${url}/api/v1/query`, body);
    if (status !== 200 || text.includes('"error"'))
      throw new Error(`The exporter answered ${status}: ${text.slice(0, 500)}`);
    const { results } = JSON.parse(text) as QueryResponse;
    cost.requestBytes += body.length;
    cost.answerBytes += text.length;
    cost.refreshes++;
    const shown = PANELS.map((metric) => {
      const joined = joinHeld(held.get(metric), results[metric]!, range.from);
      if (!joined) throw new Error('What is held and what was answered do not fit together');
      if (holds) held.set(metric, heldOf(joined.all));
      return joined.shown.frames;
    });
    if (PANELS.some((metric) => results[metric]!.meta.answeredFrom === undefined)) cost.wholes++;
    return JSON.stringify(shown);
  };
}

function perRefresh({ refreshes, wholes, ...cost }: Cost): Record<string, number> {
  const { requestBytes, answerBytes, exporterSeconds, mongodSeconds } = cost;
  const each = (sum: number, digits: number) => Number((sum / refreshes).toFixed(digits));
  return {
    ...{ refreshes, wholes, requestBytes: each(requestBytes, 0), answerBytes: each(answerBytes, 0) },
    ...{ exporterMs: each(exporterSeconds * 1_000, 2), mongodMs: each(mongodSeconds * 1_000, 2) },
  };
}

function ratiosOf(a: Cost, b: Cost): Record<string, number> {
  const ratio = (over: number, under: number) => Number((over / under).toFixed(3));
  return {
    bytes: ratio(a.requestBytes + a.answerBytes, b.requestBytes + b.answerBytes),
    exporter: ratio(a.exporterSeconds, b.exporterSeconds),
    mongod: ratio(a.mongodSeconds, b.mongodSeconds),
  };
}
