import { formatMoney } from '@storepulse/contracts';
import { CURRENCY } from './invoice.ts';
import type { ReplayReport } from './replay.ts';
import { SCALE } from './row.ts';

const count = (value: number) => value.toLocaleString('en-GB');
const money = (amount: number) => {
  const [whole, decimals] = formatMoney(Math.abs(amount), SCALE).split('.') as [string, string];
  return `${amount < 0 ? '−' : ''}${count(Number(whole))}.${decimals} ${CURRENCY}`;
};

/** The report of a replay, for people: every row has a fate, and the fates add up to the rows read. */
export function formatSummary(report: ReplayReport, target: { file: string; shop: string }): string {
  const { survey, events, elapsedMs } = report;
  const { fates, rejectedCount, rejected } = survey;
  const rows = Object.values(fates).reduce((sum, value) => sum + value, 0) + rejectedCount;
  const sent = Object.values(events).reduce((sum, value) => sum + value, 0);
  const seconds = elapsedMs / 1000;
  const table: [string, string][] = [
    ['rows read', count(rows)],
    ['  order lines', count(fates.order_line)],
    ['  return lines', count(fates.return_line)],
    ['  adjustments', count(fates.adjustment)],
    ['  stock movements', count(fates.stock_movement)],
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
    `${target.file} → shop ${target.shop}`,
    ...table.map(([label, value]) => `  ${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)}`),
    `  ${seconds.toFixed(1)} s, ${count(Math.round(rows / Math.max(seconds, 0.001)))} rows/s`,
    ...rejections(rejectedCount, rejected),
    ...(report.complete ? [] : ['ENDED EARLY: what was sent is stored, the rest of the file is not sent.']),
  ].join('\n');
}

function rejections(total: number, shown: ReplayReport['survey']['rejected']): string[] {
  if (total === 0) return [];
  const more = total - shown.length;
  return [
    `${count(total)} ${total === 1 ? 'line was' : 'lines were'} REJECTED and not sent:`,
    ...shown.map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
  ];
}
