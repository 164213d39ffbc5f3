import { type StoreEvent, toRecord, zoneCalendar } from '@storepulse/contracts';
import { SimulatorError } from '../errors.ts';
import type { Clock } from '../run/clock.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import type { FormOptions, ReplayFile } from './file/form.ts';
import { openFiles } from './file/open-files.ts';
import { invoiceEvents, type Target } from './invoice.ts';
import { invoicesOf } from './invoices.ts';
import { asHistory, asPresent, dueTime, type Speed } from './pacing.ts';
import { shopEvent, stateEvents, TIME_ZONE } from './state-events.ts';
import { type Survey, surveyFiles } from './survey.ts';

/** What to replay, and how. */
export interface ReplayOptions extends Target {
  /** UCI Online Retail as CSV, plain or gzip, in one of its editions; an invoice may go over several files. */
  readonly files: readonly string[];
  /** What is known of the files' form. @default nothing: it is told from the files */
  readonly form?: FormOptions;
  readonly speed: Speed;
  /** Tell it as if it happened now, so many times over; needs a speed that is a number. @default as history, once */
  readonly present?: { readonly times: number };
  readonly sink: EventSink;
  readonly clock: Clock;
  /** Ends it early, once what was handed over is stored. */
  readonly signal?: AbortSignal;
  /** Told how many of the files' rows have been handed over. */
  readonly onProgress: (rows: number, total: number) => void;
}

/** What became of the files. */
export interface ReplayReport {
  readonly files: readonly ReplayFile[];
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
 * Turns the files' rows into events and sends them. The same files into the same shop always make the same
 * records, so that telling them again changes nothing.
 * @throws {SimulatorError} when a file can't be used; whatever the sink throws when it can't be fed.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { speed, sink, clock, signal, onProgress } = options;
  const startedAt = clock.now();
  const reading = { calendar: zoneCalendar(TIME_ZONE), currency: options.currency };
  const files = await openFiles(options.files, options.form ?? {}, startedAt);
  const survey = await surveyFiles(files, reading);
  const totals = { grossSales: 0, returns: 0, adjustments: 0 };
  const events: Partial<Record<StoreEvent['type'], number>> = {};
  const report = (complete: boolean) => ({
    ...{ files, survey, events, ...totals, complete },
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

  const total = Object.values(survey.fates).reduce((sum, rows) => sum + rows, 0);
  const times = options.present?.times ?? 1;
  let rows = 0;
  for (let time = 1; time <= times; time++) {
    const toldFrom = clock.now();
    const telling = options.present && speed !== 'max' ? asPresent(firstTime, toldFrom, speed) : asHistory;
    // The shop is stored before anything that refers to it.
    await send(shopEvent(options, firstTime, telling));
    await batcher.flush();
    for (const event of stateEvents(options, survey, telling)) await send(event);
    for await (const invoice of invoicesOf(files, reading, survey)) {
      const due = dueTime(invoice[0]!.time, firstTime, toldFrom, speed);
      if (due > clock.now()) await batcher.flush();
      while (due > clock.now() && !signal?.aborted) {
        await clock.sleepUntil(Math.min(due, clock.now() + LOOK_EVERY_MS));
      }
      if (signal?.aborted) {
        await batcher.flush();
        return report(false);
      }
      for (const event of invoiceEvents(options, invoice, telling)) await send(event);
      rows += invoice.length;
      onProgress(rows, times * total);
    }
    await batcher.flush();
  }
  if (rows !== times * total) {
    throw new SimulatorError(
      'file-changed',
      `${options.files.join(' or ')} changed while it was read. Replay it again.`,
    );
  }
  return report(true);
}
