import { formatMoney } from '@storepulse/contracts';
import { describeForm } from '@storepulse/contracts/sales/form';
import type { Target } from '@storepulse/contracts/sales/invoice';
import { SCALE } from './data-set.ts';
import type { ReplayReport } from './replay.ts';

const count = (value: number) => value.toLocaleString('en-GB');
const moneyOf = (currency: string) => (amount: number) => {
  const [whole, decimals] = formatMoney(Math.abs(amount), SCALE).split('.') as [string, string];
  return `${amount < 0 ? '−' : ''}${count(Number(whole))}.${decimals} ${currency}`;
};

/** The report of a replay, for people: every row has a fate, and the fates add up to the rows read. */
export function formatSummary(report: ReplayReport, { shop, currency }: Target): string {
  const { files, survey, knownRows, unclearRows, events, sent, counted, elapsedMs } = report;
  const { fates, repeatedCount, outsideCount, rejectedCount } = survey;
  const money = moneyOf(currency);
  const meant = Object.values(fates).reduce((sum, value) => sum + value, 0);
  const rows = meant + repeatedCount + outsideCount + rejectedCount;
  const sentEvents = Object.values(events).reduce((sum, value) => sum + value, 0);
  const seconds = elapsedMs / 1000;
  const { grossSales, returns, adjustments } = counted?.sums ?? sent;
  const what = counted ? 'counted' : 'sent';
  const some = (label: string, value: number): [string, string][] =>
    value > 0 ? [[label, count(value)]] : [];
  const table: [string, string][] = [
    ['rows read', count(rows)],
    ['  order lines', count(fates.order_line)],
    ['  return lines', count(fates.return_line)],
    ['  adjustments', count(fates.adjustment)],
    ['  stock movements', count(fates.stock_movement)],
    ...some('  told by several files', repeatedCount),
    ...some('  of another time', outsideCount),
    ['  rejected', count(rejectedCount)],
    ...some('rows counted before', knownRows),
    ...some('rows not sent', unclearRows),
    ['orders', count(events.order_placed ?? 0)],
    ...some('order edits', events.order_edited ?? 0),
    ['refunds', count(events.refund_issued ?? 0)],
    ['customers', count(survey.customers.size)],
    ['products', count(survey.products.size)],
    [`gross sales ${what}`, money(grossSales)],
    [`returns ${what}`, money(returns)],
    [`adjustments ${what}`, money(adjustments)],
    ['events sent', count(sentEvents)],
  ];
  const labelWidth = Math.max(...table.map(([label]) => label.length));
  const valueWidth = Math.max(...table.map(([, value]) => value.length));
  return [
    ...files.flatMap(({ path, form }) => [`${path} → shop ${shop}`, `  read as ${describeForm(form)}`]),
    ...table.map(([label, value]) => `  ${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)}`),
    `  ${seconds.toFixed(1)} s, ${count(Math.round(rows / Math.max(seconds, 0.001)))} rows/s`,
    ...rejections(report),
    ...listed(`${count(unclearRows)} rows were NOT SENT:`, report.unclear, unclearRows > 0),
    ...listed(
      `${count(counted?.amissCount ?? 0)} of the events are NOT COUNTED as they were sent:`,
      counted?.amiss ?? [],
      (counted?.amissCount ?? 0) > 0,
    ),
    ...(report.complete ? [] : ['ENDED EARLY: what was sent is stored, the rest of the file is not sent.']),
  ].join('\n');
}

/** What a collector has refused, for people; nothing when that is nothing. */
export function formatRefused({
  count: refused,
  first,
}: {
  count: number;
  first: readonly string[];
}): string[] {
  return listed(`${count(refused)} of the events were NOT TAKEN by the collector:`, first, refused > 0);
}

/** A list under its title; it is cut where there are many. */
function listed(title: string, lines: readonly string[], any: boolean): string[] {
  return any ? [title, ...lines.map((line) => `  ${line}`)] : [];
}

function rejections({ files, survey: { rejectedCount, rejected } }: ReplayReport): string[] {
  if (rejectedCount === 0) return [];
  const more = rejectedCount - rejected.length;
  const where = (path: string, line: number) => `${files.length > 1 ? `${path} ` : ''}line ${line}`;
  return [
    `${count(rejectedCount)} ${rejectedCount === 1 ? 'line was' : 'lines were'} REJECTED and not sent:`,
    ...rejected.map(({ path, line, reason }) => `  ${where(path, line)}: ${reason}`),
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
  ];
}
