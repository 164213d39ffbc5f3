import type { Fate, MetricRecord } from '@storepulse/contracts';
import type { LedgerSummary } from '@storepulse/simulator/ledger/ledger';
import { compareFigures } from '@storepulse/simulator/verify/compare';
import { shownFigures } from '@storepulse/simulator/verify/shown';
import { unescapeCells } from '../../support/figures/mongo.ts';
import { storedCells } from '../../support/figures/topic.ts';
import { consumedRecords } from '../../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../../support/pipeline/fates.ts';
import type { Lane } from './lane.ts';
import { type Difference, differencesOf, expectedCells, shownCells } from './oracle.ts';

/**
 * Waits until a lane is drained and holds all that it tells against the ledger: every count and sum of every window in
 * MongoDB and on the topic `metrics`, every metric of the shop's whole life through the query API, and the fates.
 * @param resent true: what was sent to a broker in trouble may lie on the topics twice, so that there are more
 * duplicates than the ledger knows
 */
export async function judge(lane: Lane, { resent = false } = {}): Promise<Difference[]> {
  await lane.drain();
  const { pipeline, topic, traffic } = lane;
  const { shop, ledger, timeZone } = traffic;
  const expected = expectedCells(ledger.recentWindows(shop), timeZone);
  const documents = await pipeline.metrics.find({ shop }).toArray();
  const stored = documents.map(({ resolution, start, cells }) => ({
    resolution,
    start: start.getTime(),
    cells: unescapeCells(cells),
  }));
  const published = [...topic.windows.values()].filter((record: MetricRecord) => record.shop === shop);
  return [
    ...differencesOf('MongoDB', expected, shownCells(stored)),
    ...differencesOf(
      'topic metrics',
      expected,
      shownCells(published.map((record) => ({ ...record, cells: storedCells(record.cells) }))),
    ),
    ...(await apiDifferences(lane)),
    ...(await fateDifferences(lane, resent)),
  ];
}

async function apiDifferences({ pipeline, traffic }: Lane): Promise<Difference[]> {
  const { shop, scale, ledger } = traffic;
  const exporter = await pipeline.start('exporter');
  const { sums, distinct } = ledger.summary(shop)!;
  const cells = compareFigures({ sums, distinct, shown: await shownFigures(exporter.url, shop), scale });
  await exporter.stop();
  return cells
    .filter(({ matches }) => !matches)
    .map(({ metric, dimension, value, expected, shown }) => ({
      cell: `query API: all ${metric} ${dimension}=${value}`,
      expected,
      shown,
    }));
}

async function fateDifferences({ pipeline, traffic }: Lane, resent: boolean): Promise<Difference[]> {
  const shown = await fatesOf(pipeline);
  const consumed = await consumedRecords(pipeline);
  const sum = { cell: 'fates of all records', expected: consumed, shown: countOf(shown) };
  const expected = resent ? new Map<string, number>() : ledgerFates(traffic.ledger.summary(traffic.shop)!);
  const byFate = [...new Set([...expected.keys(), ...(resent ? [] : Object.keys(shown))])].map((fate) => ({
    cell: `fate ${fate}`,
    expected: expected.get(fate) ?? 0,
    shown: shown[fate as Fate] ?? 0,
  }));
  return [sum, ...byFate].filter((difference) => difference.expected !== difference.shown);
}

/** Records by their fate, over all topics. */
function ledgerFates({ fates }: LedgerSummary): Map<string, number> {
  const total = new Map<string, number>();
  for (const counts of Object.values(fates)) {
    for (const [fate, count] of Object.entries(counts)) total.set(fate, (total.get(fate) ?? 0) + count);
  }
  return total;
}
