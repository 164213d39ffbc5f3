import { type StoreEvent, toRecord, zoneCalendar } from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import type { Clock } from '../run/clock.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import { invoiceEvents } from './invoice.ts';
import { asHistory, asPresent, dueTime, type Speed } from './pacing.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './row.ts';
import { shopEvent, stateEvents, TIME_ZONE } from './state-events.ts';
import { type Survey, surveyFile } from './survey.ts';

/** What to replay, and how. */
export interface ReplayOptions {
  /** UCI Online Retail as CSV, plain or gzip, in either published form. */
  readonly file: string;
  readonly shop: string;
  readonly speed: Speed;
  /** Tell it as if it happened now, so many times over; needs a speed that is a number. @default as history, once */
  readonly present?: { readonly times: number };
  readonly sink: EventSink;
  readonly clock: Clock;
  /** Ends it early, once what was handed over is stored. */
  readonly signal?: AbortSignal;
  /** Told how many of the file's rows have been handed over. */
  readonly onProgress: (rows: number, total: number) => void;
}

/** What became of a file. */
export interface ReplayReport {
  readonly survey: Survey;
  /** Events stored, by type. */
  readonly events: Readonly<Partial<Record<StoreEvent['type'], number>>>;
  /** Sums over the events, in thousandths. */
  readonly grossSales: number;
  readonly returns: number;
  readonly adjustments: number;
  readonly elapsedMs: number;
  /** False: it was ended early. */
  readonly complete: boolean;
}

/** How long an early end may go unnoticed while nothing is due. */
const LOOK_EVERY_MS = 200;

/**
 * Turns the file's rows into events and sends them. The same file into the same shop always makes the same
 * records, so that telling it again changes nothing.
 * @throws {SimulatorError} when the file can't be used; whatever the sink throws when it can't be fed.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { file, shop, speed, sink, clock, signal, onProgress } = options;
  const startedAt = clock.now();
  const calendar = zoneCalendar(TIME_ZONE);
  const survey = await surveyFile(file, calendar);
  const totals = { grossSales: 0, returns: 0, adjustments: 0 };
  const events: Partial<Record<StoreEvent['type'], number>> = {};
  const report = (complete: boolean) => ({
    ...{ survey, events, ...totals, complete },
    elapsedMs: clock.now() - startedAt,
  });
  const { firstTime } = survey;
  if (firstTime === null) return report(true);

  const batcher = createBatcher(sink);
  const send = async (event: StoreEvent): Promise<void> => {
    events[event.type] = (events[event.type] ?? 0) + 1;
    if (event.type === 'order_placed') totals.grossSales += event.subtotal;
    if (event.type === 'refund_issued') totals.returns += event.amount;
    if (event.type === 'adjustment_posted') totals.adjustments += event.amount;
    const leaving = batcher.add(toRecord(event, '/replay'));
    if (leaving) await leaving;
  };

  const total = [...survey.invoiceRows.values()].reduce((sum, rows) => sum + rows, 0);
  const times = options.present?.times ?? 1;
  let rows = 0;
  for (let time = 1; time <= times; time++) {
    const toldFrom = clock.now();
    const telling = options.present && speed !== 'max' ? asPresent(firstTime, toldFrom, speed) : asHistory;
    // The shop is stored before anything that refers to it.
    await send(shopEvent(shop, firstTime, telling));
    await batcher.flush();
    for (const event of stateEvents(shop, survey, telling)) await send(event);
    for await (const invoice of invoices(file, survey)) {
      const due = dueTime(invoice[0]!.time, firstTime, toldFrom, speed);
      if (due > clock.now()) await batcher.flush();
      while (due > clock.now() && !signal?.aborted) {
        await clock.sleepUntil(Math.min(due, clock.now() + LOOK_EVERY_MS));
      }
      if (signal?.aborted) {
        await batcher.flush();
        return report(false);
      }
      for (const event of invoiceEvents(shop, invoice, telling)) await send(event);
      rows += invoice.length;
      onProgress(rows, times * total);
    }
    await batcher.flush();
  }
  if (rows !== times * total) {
    throw new SimulatorError('file-changed', `${file} changed while it was read. Replay it again.`);
  }
  return report(true);
}

/** The rows of each invoice, together, in the order in which invoices become complete. */
async function* invoices(file: string, survey: Survey): AsyncGenerator<readonly Row[]> {
  const open = new Map<string, Row[]>();
  const missing = new Map(survey.invoiceRows);
  for await (const group of readRows(file, zoneCalendar(TIME_ZONE))) {
    for (const row of group.rows) {
      const left = missing.get(row.invoice);
      if (left === undefined) continue;
      const rows = open.get(row.invoice) ?? [];
      rows.push(row);
      if (left > 1) {
        open.set(row.invoice, rows);
        missing.set(row.invoice, left - 1);
      } else {
        open.delete(row.invoice);
        missing.delete(row.invoice);
        yield rows;
      }
    }
  }
}
