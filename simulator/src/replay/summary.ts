import { formatMoney } from '@storepulse/contracts';
import { describeForm } from './file/form.ts';
import { SCALE } from './file/row.ts';
import type { Target } from './invoice.ts';
import type { ReplayReport } from './replay.ts';

const count = (value: number) => value.toLocaleString('en-GB');
const moneyOf = (currency: string) => (amount: number) => {
  const [whole, decimals] = formatMoney(Math.abs(amount), SCALE).split('.') as [string, string];
  return `${amount < 0 ? '−' : ''}${count(Number(whole))}.${decimals} ${currency}`;
};

/** The report of a replay, for people: every row has a fate, and the fates add up to the rows read. */
export function formatSummary(report: ReplayReport, { shop, currency }: Target): string {
  const { files, survey, events, elapsedMs } = report;
  const { fates, repeatedCount, rejectedCount } = survey;
  const money = moneyOf(currency);
  const rows = Object.values(fates).reduce((sum, value) => sum + value, 0) + repeatedCount + rejectedCount;
  const sent = Object.values(events).reduce((sum, value) => sum + value, 0);
  const seconds = elapsedMs / 1000;
  const table: [string, string][] = [
    ['rows read', count(rows)],
    ['  order lines', count(fates.order_line)],
    ['  return lines', count(fates.return_line)],
    ['  adjustments', count(fates.adjustment)],
    ['  stock movements', count(fates.stock_movement)],
    ...(repeatedCount > 0 ? [['  told by several files', count(repeatedCount)] as [string, string]] : []),
    ['  rejected', count(rejectedCount)],
    ['orders', count(events.order_placed ?? 0)],
    ['refunds', count(events.refund_issued ?? 0)],
    ['customers', count(survey.customers.size)],
    ['products', count(survey.products.size)],
    ['gross sales', money(report.grossSales)],
    ['returns', money(report.returns)],
    ['adjustments', money(report.adjustments)],
    ['events sent', count(sent)],
  ];
  const labelWidth = Math.max(...table.map(([label]) => label.length));
  const valueWidth = Math.max(...table.map(([, value]) => value.length));
  return [
    ...files.flatMap(({ path, form }) => [`${path} → shop ${shop}`, `  read as ${describeForm(form)}`]),
    ...table.map(([label, value]) => `  ${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)}`),
    `  ${seconds.toFixed(1)} s, ${count(Math.round(rows / Math.max(seconds, 0.001)))} rows/s`,
    ...rejections(report),
    ...(report.complete ? [] : ['ENDED EARLY: what was sent is stored, the rest of the file is not sent.']),
  ].join('\n');
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
