import type { StoredMetricDocument } from '@storepulse/contracts';

/** Stored metrics as a table for people: which definition is counted since when, and what was rebuilt. */
export function formatMetrics(metrics: readonly StoredMetricDocument[]): string {
  const rows = metrics.map((metric) => [
    metric._id,
    metric.forgotten ? 'forgotten' : String(metric.generations.length),
    sinceOf(metric),
    rebuildOf(metric),
  ]);
  const table = [['metric', 'definition', 'counted since', 'rebuilt from the log'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function sinceOf({ started, generations }: StoredMetricDocument): string {
  const records = Object.values(started)
    .flatMap(({ offsets }) => Object.values(offsets))
    .reduce((sum, offset) => sum + offset, 0);
  return records === 0 ? 'the beginning' : generations.at(-1)!.at.toISOString();
}

function rebuildOf({ rebuilds = [], generations, _id }: StoredMetricDocument): string {
  const rebuild = rebuilds.find(({ id }) => id === `rebuild-${_id}-${generations.length}`);
  if (!rebuild) return '';
  const from = rebuild.from === 0 ? 'the beginning' : new Date(rebuild.from).toISOString();
  return rebuild.finishedAt ? from : `${from}, not finished`;
}
