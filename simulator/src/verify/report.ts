import type { Difference } from './compare-windows.ts';
import type { Report } from './verify.ts';

const SHOWN_DIFFERENCES = 20;

/** Whether all agrees, and anything was compared at all. */
export function isSound({ surfaces, fates }: Report): boolean {
  const summaries = [...surfaces.values()];
  return (
    summaries.every(({ cells, different }) => cells > 0 && different === 0) &&
    (fates ?? []).every(({ matches }) => matches)
  );
}

/** A report as JSON. */
export function reportAsJson(report: Report): string {
  const { shops, windows, surfaces, differences, fates, otherShops } = report;
  const body = {
    sound: isSound(report),
    shops,
    windows,
    surfaces: Object.fromEntries(surfaces),
    differences,
    fates: fates ?? null,
    otherShops,
  };
  return JSON.stringify(body, null, 2);
}

/** A report in lines for people. */
export function reportAsText({ windows, surfaces, differences, fates, otherShops }: Report): string[] {
  const summaries = [...surfaces];
  const total = (of: 'cells' | 'different') => summaries.reduce((sum, [, summary]) => sum + summary[of], 0);
  const lines = [
    `${total('cells')} cells compared in ${windows} windows, ${total('different')} different`,
    ...summaries.map(([name, { cells, different, undecided }]) => {
      const open =
        undecided > 0 ? `, ${undecided} of them to a range, as visits may have ended meanwhile` : '';
      return `  ${name.padEnd(13)} ${cells} cells, ${different} different${open}`;
    }),
    ...differences.slice(0, SHOWN_DIFFERENCES).map((difference) => `  ${describe(difference)}`),
  ];
  const more = total('different') - SHOWN_DIFFERENCES;
  if (more > 0) lines.push(`  … and ${more} more`);
  if (fates) {
    const different = fates.filter(({ matches }) => !matches);
    lines.push(`${fates.length} fates compared, ${different.length} different`);
    for (const { fate, expected, shown } of different)
      lines.push(`  ${fate}: expected ${expected}, shown ${shown}, difference ${shown - expected}`);
  } else {
    lines.push(`fates not compared: records of ${otherShops.join(', ')} are not the simulator’s`);
  }
  return lines;
}

function describe({
  surface,
  shop,
  metric,
  part,
  dimension,
  value,
  resolution,
  window,
  expected,
  shown,
}: Difference) {
  const name = part ? `${metric} (${part})` : metric;
  const when = resolution === 'all' ? 'all' : `${resolution} ${window}`;
  const difference = expected === null || shown === null ? 'one is missing' : +(shown - expected).toFixed(6);
  return `${surface}: ${shop} ${name} by ${dimension}=${value}, ${when}: expected ${expected ?? 'nothing'}, shown ${shown ?? 'nothing'}, difference ${difference}`;
}
