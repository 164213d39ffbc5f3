import { changedTerm, type ShopTerms, type StoreEvent, toRecord, zoneCalendar } from '@storepulse/contracts';
import type { FormOptions } from '@storepulse/contracts/sales/form';
import { type FactEvent, invoiceEvents, type Target } from '@storepulse/contracts/sales/invoice';
import type { Row } from '@storepulse/contracts/sales/row';
import { asHistory, type Telling } from '@storepulse/contracts/sales/telling';
import { SimulatorError } from '../errors.ts';
import type { Clock } from '../run/clock.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import { type CountedInvoice, NOTHING_COUNTED } from './counted/counted-invoices.ts';
import { isFact } from './counted/facts.ts';
import type { CountedStore } from './counted/store.ts';
import { type CountedSums, createSentFacts, type Sums } from './counted/tally.ts';
import { untilCounted } from './counted/until-counted.ts';
import { SCALE, TIME_ZONE } from './data-set.ts';
import { openFiles } from './file/open-files.ts';
import type { ReplayFile } from './file/replay-file.ts';
import { invoicesOf } from './invoices.ts';
import { asPresent, dueTime, type Speed } from './pacing.ts';
import { type InvoicePlan, isCountedAsToldFirst, planInvoice } from './plan-invoice.ts';
import { spanOf, type WallSpan } from './span.ts';
import { shopEvent, stateEvents } from './state-events.ts';
import { type Survey, surveyFiles } from './survey.ts';

/** What to replay, and how. */
export interface ReplayOptions extends Target {
  /** UCI Online Retail as CSV, plain or gzip, in one of its editions; an invoice may go over several files. */
  readonly files: readonly string[];
  /** What is known of the files' form. @default nothing: it is told from the files */
  readonly form?: FormOptions;
  /** Send the invoices of this time alone. @default all */
  readonly span?: WallSpan;
  readonly speed: Speed;
  /** Tell it as if it happened now, so many times over; needs a speed that is a number. @default as history, once */
  readonly present?: { readonly times: number };
  readonly sink: EventSink;
  /** What is counted, to add what is missing and to report what became of it. @default it is sent unchecked */
  readonly check?: ReplayCheck;
  readonly clock: Clock;
  /** Ends it early, once what was handed over is stored. */
  readonly signal?: AbortSignal;
  /** Told how many of the files' rows have been handed over. */
  readonly onProgress: (rows: number, total: number) => void;
}

/** What a replay compares with. */
export interface ReplayCheck {
  readonly counted: CountedStore;
  /** Next offsets to write of the topic `transactions`, by partition. */
  readonly ends: () => Promise<ReadonlyMap<number, number>>;
  /** The files have all of each invoice: what is counted of its order beyond them is taken off. */
  readonly replace: boolean;
}

/** What became of the files. */
export interface ReplayReport {
  readonly files: readonly ReplayFile[];
  readonly survey: Survey;
  /** Rows that were counted before. */
  readonly knownRows: number;
  /** Rows of invoices of which it is not clear what is meant, and the first of these invoices. */
  readonly unclearRows: number;
  readonly unclear: readonly string[];
  /** Events stored, by type. */
  readonly events: Readonly<Partial<Record<StoreEvent['type'], number>>>;
  /** What was sent. */
  readonly sent: Sums;
  /** What is counted of that; null: that was not asked for, or it was ended early. */
  readonly counted: CountedSums | null;
  readonly elapsedMs: number;
  /** False: it was ended early. */
  readonly complete: boolean;
}

/** Whether every row that is meant is counted, or at least sent where that was not checked. */
export function isWhole({ survey, unclearRows, counted }: ReplayReport): boolean {
  return survey.rejectedCount === 0 && unclearRows === 0 && (counted?.amissCount ?? 0) === 0;
}

/** How long an early end may go unnoticed while nothing is due. */
const LOOK_EVERY_MS = 200;
/** Invoices that are compared with what is counted at once. */
const COMPARED_TOGETHER = 200;
const MAX_REPORTED = 20;

/**
 * Turns the files' rows into events and sends them. What is counted of an invoice is left as it is, and what is missing
 * is added, so telling the same files again changes nothing, and telling them with rows that were mended adds those.
 * @throws {SimulatorError} when a file can't be used; whatever the sink throws when it can't be fed.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { speed, sink, check, clock, signal, onProgress } = options;
  const startedAt = clock.now();
  const calendar = zoneCalendar(TIME_ZONE);
  const terms = { calendar, currency: options.currency, scale: SCALE };
  const reading = { terms, span: spanOf(options.span, calendar) };
  const files = await openFiles(options.files, options.form ?? {}, startedAt);
  const survey = await surveyFiles(files, reading);
  if (check?.replace) refuseHoles(survey);
  const facts = createSentFacts();
  const events: Partial<Record<StoreEvent['type'], number>> = {};
  const unclear: string[] = [];
  let unclearRows = 0;
  let knownRows = 0;
  const report = (complete: boolean, counted: CountedSums | null): ReplayReport => ({
    ...{ files, survey, knownRows, unclearRows, unclear, events, sent: facts.sent(), counted, complete },
    elapsedMs: clock.now() - startedAt,
  });
  const { firstTime } = survey;
  if (firstTime === null) return report(true, null);

  if (check) await refuseOtherTerms(check.counted, shopEvent(options, firstTime, asHistory));
  const batcher = createBatcher(sink);
  const send = async (event: StoreEvent): Promise<void> => {
    events[event.type] = (events[event.type] ?? 0) + 1;
    if (isFact(event)) facts.add(event);
    const leaving = batcher.add(toRecord(event, '/replay'));
    if (leaving) await leaving;
  };

  // Told as of the present, everything has a name of its own, and nothing of it can be counted.
  const compares = check !== undefined && !options.present && (await check.counted.has(options.shop));
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
    for await (const group of inGroups(invoicesOf(files, reading, survey), COMPARED_TOGETHER)) {
      const known = compares
        ? await check.counted.invoices(
            options.shop,
            group.map(([row]) => row!.invoice),
          )
        : new Map<string, CountedInvoice>();
      for (const invoice of group) {
        const due = dueTime(invoice[0]!.time, firstTime, toldFrom, speed);
        if (due > clock.now()) await batcher.flush();
        while (due > clock.now() && !signal?.aborted) {
          await clock.sleepUntil(Math.min(due, clock.now() + LOOK_EVERY_MS));
        }
        if (signal?.aborted) {
          await batcher.flush();
          return report(false, null);
        }
        const counted = known.get(invoice[0]!.invoice) ?? NOTHING_COUNTED;
        const plan = planInvoice(invoice, counted, check?.replace ?? false);
        if (typeof plan === 'string') {
          unclearRows += invoice.length;
          if (unclear.length < MAX_REPORTED) unclear.push(plan);
        } else {
          knownRows += plan.known;
          for (const event of eventsOf(options, invoice, { plan, counted, telling })) await send(event);
        }
        rows += invoice.length;
        onProgress(rows, times * total);
      }
    }
    await batcher.flush();
  }
  if (rows !== times * total) {
    throw new SimulatorError(
      'file-changed',
      `${options.files.join(' or ')} changed while it was read. Replay it again.`,
    );
  }
  if (!check) return report(true, null);
  const whole = await untilCounted(await check.ends(), { ...check, clock, ...(signal ? { signal } : {}) });
  return whole ? report(true, await facts.counted(check.counted)) : report(false, null);
}

/** What is new of an invoice; where nothing is, and nothing was changed since, all of it as it was told at first. */
function eventsOf(
  target: Target,
  rows: readonly Row[],
  { plan, counted, telling }: { plan: InvoicePlan; counted: CountedInvoice; telling: Telling },
): readonly FactEvent[] {
  if (plan.rows.length + plan.removed.length > 0)
    return invoiceEvents(target, plan, telling, counted).map(({ event }) => event);
  const first = invoiceEvents(target, { ...plan, rows }, telling).map(({ event }) => event);
  return isCountedAsToldFirst(first, counted) ? first : [];
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Amounts of another scale or currency than the shop's would be read as the shop's. */
async function refuseOtherTerms(
  counted: CountedStore,
  shop: ShopTerms & { readonly shop: string },
): Promise<void> {
  const known = await counted.terms(shop.shop);
  const term = known && changedTerm(known, shop);
  if (!term) return;
  throw new SimulatorError(
    'refused',
    `The shop ${shop.shop} is counted with the ${term} ${known[term]}, and a file is replayed with ${shop[term]}. Replay into a shop of its own: --shop. Nothing was sent.`,
  );
}

/** A row that was rejected would be taken off its order. */
function refuseHoles({ rejectedCount, rejected }: Survey): void {
  const [first] = rejected;
  if (!first) return;
  throw new SimulatorError(
    'refused',
    `--replace needs files of which every row can be read; ${rejectedCount} can't, the first in ${first.path}, line ${first.line}: ${first.reason}. Nothing was sent.`,
  );
}
