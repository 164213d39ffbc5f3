import { setTimeout as sleep } from 'node:timers/promises';
import type { Fate } from '@storepulse/contracts';
import type { RunningPart } from '@storepulse/local';
import type { LedgerSummary } from '@storepulse/simulator/ledger/ledger';
import { compareFigures } from '@storepulse/simulator/verify/compare';
import { shownFigures } from '@storepulse/simulator/verify/shown';
import { unescapeCells } from '../../support/figures/mongo.ts';
import { storedCells } from '../../support/figures/topic.ts';
import { consumedRecords } from '../../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../../support/pipeline/fates.ts';
import type { Lane } from './lane.ts';
import {
  bookedCuts,
  type CellNumbers,
  cutName,
  type Difference,
  differencesOf,
  expectedCells,
  shownCells,
} from './oracle.ts';

/** Visits are settled by the clock, after everything was counted: so long may it take. */
const SETTLING_MS = 30_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Waits until a lane is drained and holds all that it tells against the ledger: every count and sum of every window in
 * MongoDB and on the topic `metrics`, every metric of the shop's whole life through the query API, and the fates. The
 * lane must have a processor that runs.
 * @param resent true: what was sent to a broker in trouble may lie on the topics twice, so that there are more
 * duplicates than the ledger knows
 * @returns what differs, and goes on to
 */
export async function judge(lane: Lane, { resent = false } = {}): Promise<Difference[]> {
  await lane.drain();
  const { shop, ledger, timeZone } = lane.traffic;
  const windows = ledger.recentWindows(shop);
  const expected = expectedCells(windows, timeZone);
  const cuts = bookedCuts(windows.values());
  const exporter = await lane.pipeline.start('exporter');
  const deadline = Date.now() + SETTLING_MS;
  for (;;) {
    const found = [
      ...differencesOf('MongoDB', expected, await storedNow(lane, cuts)),
      ...differencesOf('topic metrics', expected, publishedNow(lane, cuts)),
      ...(await apiDifferences(lane, exporter)),
      ...(await fateDifferences(lane, resent)),
    ];
    if (found.length === 0 || Date.now() > deadline) {
      await exporter.stop();
      return found;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function storedNow({ pipeline, traffic }: Lane, cuts: ReadonlySet<string>): Promise<CellNumbers> {
  const documents = await pipeline.metrics.find({ shop: traffic.shop }).toArray();
  const windows = documents.map(({ resolution, start, cells }) => ({
    resolution,
    start: start.getTime(),
    cells: unescapeCells(cells),
  }));
  return shownCells(windows, cuts);
}

function publishedNow({ topic, traffic }: Lane, cuts: ReadonlySet<string>): CellNumbers {
  const records = [...topic.windows.values()].filter(({ shop }) => shop === traffic.shop);
  return shownCells(
    records.map((record) => ({ ...record, cells: storedCells(record.cells) })),
    cuts,
  );
}

async function apiDifferences({ traffic }: Lane, exporter: RunningPart): Promise<Difference[]> {
  const { shop, scale, ledger } = traffic;
  const { sums, distinct } = ledger.summary(shop)!;
  const booked = bookedCuts([sums, distinct]);
  const shown = await shownFigures(exporter.url, shop);
  return compareFigures({ sums, distinct, shown, scale })
    .filter(({ metric, dimension, matches }) => booked.has(cutName(metric, dimension)) && !matches)
    .map(({ metric, dimension, value, expected, shown }) => ({
      cell: `query API: all ${metric} ${dimension}=${value}`,
      expected,
      shown,
    }));
}

async function fateDifferences({ pipeline, traffic }: Lane, resent: boolean): Promise<Difference[]> {
  const shown = await fatesOf(pipeline);
  const consumed = await consumedRecords(pipeline);
  const all = { cell: 'fates of all records', expected: consumed, shown: countOf(shown) };
  const expected = ledgerFates(traffic.ledger.summary(traffic.shop)!);
  const byFate = [...new Set([...expected.keys(), ...Object.keys(shown)])].map((fate) => ({
    cell: `fate ${fate}`,
    expected: expected.get(fate) ?? 0,
    shown: shown[fate as Fate] ?? 0,
  }));
  return [all, ...(resent ? [] : byFate)].filter(({ expected, shown }) => expected !== shown);
}

/** Records by their fate, over all topics. */
function ledgerFates({ fates }: LedgerSummary): Map<string, number> {
  const total = new Map<string, number>();
  for (const counts of Object.values(fates)) {
    for (const [fate, count] of Object.entries(counts)) total.set(fate, (total.get(fate) ?? 0) + count);
  }
  return total;
}
