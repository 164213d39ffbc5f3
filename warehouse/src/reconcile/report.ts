import type { LeftOut } from './asked.ts';
import type { CellFigure } from './cells.ts';
import type { Difference } from './compare.ts';
import type { Reconciled } from './reconcile.ts';

/** Differences that are printed; the count tells of all. */
const PRINTED = 50;

/** What came out, for people: each difference with what was expected, what is shown, and by how much that is off. */
export function report({ cells, undecided, differences, shops, leftOut }: Reconciled): string {
  const compared =
    shops.map(({ shop, from, to }) => `${shop} ${from} to ${to}`).join(', ') || 'no day that has ended';
  const head = `${cells} cells compared (${compared}), ${differences.length} differ${undecided > 0 ? `; ${undecided} of visits that go on are left out` : ''}.`;
  const tail = [...notCompared(leftOut), head];
  if (differences.length === 0) return tail.join('\n');
  const rows = differences.slice(0, PRINTED).map(rowOf);
  const titles = ['shop', 'day', 'metric', 'dimension', 'value', 'expected', 'shown', 'difference'];
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const more = differences.length > PRINTED ? [`… and ${differences.length - PRINTED} more`] : [];
  return [line(titles), ...rows.map(line), ...more, '', ...tail].join('\n');
}

/** Each reason with what it is the reason for: metrics, or single dimensions of one. */
function notCompared(leftOut: readonly LeftOut[]): string[] {
  const whole = new Set(leftOut.filter(({ dimension }) => dimension === 'total').map(({ metric }) => metric));
  const names = new Map<string, Set<string>>();
  for (const { metric, dimension, why } of leftOut) {
    const name = whole.has(metric) ? metric : `${metric} by ${dimension}`;
    names.set(why, (names.get(why) ?? new Set()).add(name));
  }
  return [...names].map(([why, of]) => `Not compared: ${[...of].join(', ')} (${why}).`);
}

function rowOf(difference: Difference): string[] {
  const { shop, day, metric, dimension, value, expected, expectedBy, shown, shownBy } = difference;
  const off =
    typeof expected === 'object' || typeof shown === 'object' ? undefined : (shown ?? 0) - (expected ?? 0);
  return [
    ...[shop, day, metric, dimension, value],
    `${text(expected)} (${expectedBy})`,
    `${text(shown)} (${shownBy})`,
    off === undefined ? '' : `${off > 0 ? '+' : ''}${off}`,
  ];
}

function text(figure: CellFigure | undefined): string {
  if (figure === undefined) return 'nothing';
  return typeof figure === 'number' ? String(figure) : `${figure.low} to ${figure.high}`;
}
