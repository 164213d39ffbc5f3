import { catalog, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { openTopicSource } from '@storepulse/simulator/verify/read-topic';
import { inOrder } from '@storepulse/simulator/verify/truth';
import { type Report, verify } from '@storepulse/simulator/verify/verify';
import { consumedRecords } from '../../support/pipeline/drained.ts';
import { countOf, fatesOf } from '../../support/pipeline/fates.ts';
import type { Lane } from './lane.ts';
import type { Difference } from './oracle.ts';

/** Nobody looks on. */
const progress = { waiting: () => {}, reading: () => {}, comparing: () => {} };

/**
 * Waits until a lane is drained and holds all that it tells against the ledger, as `npm run verify` does: every cell
 * of every window in MongoDB, on the topic `metrics`, through the query API and on `/metrics`, and the fates. The lane
 * must have a processor that runs.
 * @param resent true: there are records on the topics that the ledger does not know of, so that only the sum of all
 * fates is compared
 */
export async function judge(lane: Lane, { resent = false } = {}): Promise<Difference[]> {
  await lane.drain();
  const { pipeline, traffic } = lane;
  const { fates, pending } = traffic.ledger.summary(traffic.shop)!;
  const parts = inOrder(pending.map(({ start, length, ...content }) => ({ start, length, content })));
  const exporter = await pipeline.start('exporter');
  const source = await openTopicSource(readSettings(KafkaSettingsSchema, pipeline.settings));
  try {
    const report = await verify({
      truth: { shops: [{ shop: traffic.shop, market: 'gb', parts }], fates: [fates] },
      catalog,
      source,
      db: pipeline.db,
      exporter: exporter.url,
      progress,
    });
    return [...cellDifferences(report), ...(await fateDifferences(lane, resent ? undefined : report.fates))];
  } finally {
    await Promise.all([source.close(), exporter.stop()]);
  }
}

function cellDifferences({ differences }: Report): Difference[] {
  return differences.map(({ surface, resolution, window, metric, dimension, value, expected, shown }) => ({
    cell: `${surface}: ${resolution} ${window} ${metric} ${dimension}=${value}`,
    expected: expected ?? 0,
    shown: shown ?? 0,
  }));
}

async function fateDifferences({ pipeline }: Lane, fates: Report['fates']): Promise<Difference[]> {
  const shown = countOf(await fatesOf(pipeline));
  const consumed = await consumedRecords(pipeline);
  const different = (fates ?? []).filter(({ matches }) => !matches);
  return [
    ...(shown === consumed ? [] : [{ cell: 'fates of all records', expected: consumed, shown }]),
    ...different.map(({ fate, expected, shown }) => ({ cell: `fate ${fate}`, expected, shown })),
  ];
}
