import {
  KafkaSettingsSchema,
  MongoSettingsSchema,
  readSettingsGroups,
  SettingsError,
  shopId,
  zoneCalendar,
} from '@storepulse/contracts';
import {
  COLUMNS,
  type Column,
  DATE_ORDERS,
  DECIMAL_MARKS,
  DELIMITERS,
  type Delimiter,
  type FormOptions,
} from '@storepulse/contracts/sales/form';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SimulatorError } from './errors.ts';
import { readCollectorSettings } from './replay/collector-settings.ts';
import { openCountedStore } from './replay/counted/store.ts';
import { CURRENCY, TIME_ZONE } from './replay/data-set.ts';
import type { Speed } from './replay/pacing.ts';
import { createProgress } from './replay/progress.ts';
import { isWhole, type ReplayCheck, replay } from './replay/replay.ts';
import { dayOf } from './replay/span.ts';
import { formatRefused, formatSummary } from './replay/summary.ts';
import { systemClock } from './run/clock.ts';
import { type CollectorSink, type CollectorSinkOptions, createCollectorSink } from './sink/collector-sink.ts';
import type { EventSink } from './sink/event-sink.ts';
import { openKafkaSink } from './sink/kafka-sink.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';

/** Some rows are not counted; all others are. */
const EXIT_REJECTED = 2;
/** Ended early, as shells say it of an interrupt. */
const EXIT_INTERRUPTED = 130;
const EXIT_FAILED = 1;

const command = new Command('replay')
  .description('Replays UCI Online Retail (CSV, plain or gzip) into a shop, one event per invoice')
  .requiredOption('--file <path>', 'a CSV file; given several times, all are one history', gather)
  .option('--shop <id>', 'the shop to replay into', parseShop, 'uk-retail')
  .option('--currency <code>', 'what the prices are in (ISO 4217)', parseCurrency, CURRENCY)
  .addOption(
    new Option('--date-order <order>', 'of 03/04/2011: day, month or year first').choices(DATE_ORDERS),
  )
  .addOption(new Option('--decimal <mark>', 'what stands before decimals').choices(DECIMAL_MARKS))
  .option('--delimiter <mark>', 'what separates fields: , ; | or tab', parseDelimiter)
  .option('--encoding <name>', 'such as utf-8, utf-16le or windows-1252', parseEncoding)
  .option(
    '--map <column=name>',
    'the file’s own name of a column, such as InvoiceNo="Order id"; as often as needed',
    parseMap,
  )
  .option(
    '--speed <max|N>',
    'as fast as Kafka takes it, or N times as fast as it happened',
    parseSpeed,
    'max',
  )
  .option('--now', 'as if it happened now: new orders at present times; needs --speed N')
  .option('--from <day>', 'only invoices from this day on, such as 2011-03-01', parseDay)
  .option('--to <day>', 'only invoices before this day', parseDay)
  .option(
    '--replace',
    'the files have all rows of their invoices: orders that are counted otherwise are edited',
  )
  .option('--unchecked', 'only send: compare nothing with what is counted, and need no MongoDB')
  .addOption(
    new Option('--via <way>', 'send to Kafka, or through a collector, which needs no Kafka and no MongoDB')
      .choices(['kafka', 'collector'])
      .default('kafka'),
  )
  .option('--key-file <path>', 'with --via collector: a file that holds the key to send with')
  .option('--loop <times>', 'with --now: so many times, one after the other', parseTimes, 1)
  .addHelpText(
    'after',
    `
The form of a file is told from the file itself; what it leaves open, such as whether 03/04/2011 is in March, is asked
for before anything is sent. The columns needed: ${COLUMNS.join(', ')}.
Without --now, what is counted of an invoice already is left as it is, and what is missing is added: the same file into
the same shop changes nothing the second time, and rows that were mended count. The sums are of what was counted.
Ctrl-C ends it, and what was sent is stored. Ctrl-Z pauses it; after fg, what has become due is sent at once.
Kafka's address is KAFKA_BROKERS (default 127.0.0.1:19092), MongoDB's is MONGODB_URI, the collector's is COLLECTOR_URL
(default http://127.0.0.1:8090), its key COLLECTOR_KEY.
Exit status: 0 all rows are counted · 2 some are not, and are named · 130 ended early · 1 failed`,
  )
  .action(run);

function parseShop(text: string): string {
  try {
    return shopId(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function gather(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, path];
}

function parseCurrency(text: string): string {
  const code = text.toUpperCase();
  if (!Intl.supportedValuesOf('currency').includes(code))
    throw new InvalidArgumentError('use a code of ISO 4217, such as GBP or EUR.');
  return code;
}

function parseDelimiter(text: string): Delimiter {
  const mark = text === 'tab' || text === '\\t' ? '\t' : text;
  const delimiter = DELIMITERS.find((known) => known === mark);
  if (delimiter === undefined) throw new InvalidArgumentError('use , or ; or | or tab.');
  return delimiter;
}

function parseEncoding(text: string): string {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw new InvalidArgumentError('use a name of the WHATWG Encoding Standard, such as windows-1252.');
  }
}

function parseMap(text: string, before: FormOptions['map'] = {}): FormOptions['map'] {
  const at = text.indexOf('=');
  const column = COLUMNS.find((known) => known.toLowerCase() === text.slice(0, at).trim().toLowerCase());
  const name = text.slice(at + 1).trim();
  if (column === undefined || name === '')
    throw new InvalidArgumentError(`use COLUMN=NAME with one of ${COLUMNS.join(', ')}.`);
  return { ...before, [column satisfies Column]: name };
}

function parseDay(text: string): string {
  if (dayOf(text, zoneCalendar(TIME_ZONE)) === undefined)
    throw new InvalidArgumentError('use a day, such as 2011-03-01.');
  return text;
}

function parseSpeed(text: string): Speed {
  const speed = Number(text);
  if (text === 'max') return 'max';
  if (!(speed > 0 && speed <= 1e9)) throw new InvalidArgumentError('use max, or a number above 0.');
  return speed;
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (!Number.isInteger(times) || times < 1) throw new InvalidArgumentError('use a whole number from 1.');
  return times;
}

interface ReplayArguments extends FormOptions {
  readonly file: readonly string[];
  readonly shop: string;
  readonly currency: string;
  readonly from?: string;
  readonly to?: string;
  readonly replace?: boolean;
  readonly unchecked?: boolean;
  readonly via: 'kafka' | 'collector';
  readonly keyFile?: string;
  readonly speed: Speed;
  readonly now?: boolean;
  readonly loop: number;
}

async function run({
  file: files,
  from,
  to,
  replace = false,
  unchecked = false,
  via,
  keyFile,
  now = false,
  loop: times,
  ...rest
}: ReplayArguments): Promise<void> {
  const { shop, currency, speed, ...form } = rest;
  if (now && speed === 'max')
    command.error('error: --now needs --speed N: at full speed, a year would be now.');
  if (!now && times > 1) command.error('error: --loop needs --now: the same history again changes nothing.');
  if (replace && (now || unchecked))
    command.error('error: --replace compares with what is counted: not with --now or --unchecked.');
  if (replace && via === 'collector')
    command.error('error: --replace compares with what is counted, which a collector does not know.');
  if (keyFile !== undefined && via === 'kafka') command.error('error: --key-file needs --via collector.');
  const progress = createProgress(process.stderr);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ending.abort());
  const { sink, check, refused, close } = await (via === 'collector'
    ? openCollector(keyFile, {
        onWait: (reason) => progress.note(`waiting: ${reason}`),
        signal: ending.signal,
      })
    : openKafka({ replace, unchecked }));
  try {
    const report = await replay({
      ...{ files, form, shop, currency, speed, sink, clock: systemClock, signal: ending.signal },
      span: { ...(from ? { from } : {}), ...(to ? { to } : {}) },
      onProgress: progress.update,
      ...(check ? { check } : {}),
      ...(now ? { present: { times } } : {}),
    });
    progress.stop();
    console.log([formatSummary(report, { shop, currency }), ...formatRefused(refused())].join('\n'));
    if (!report.complete) process.exitCode = EXIT_INTERRUPTED;
    else if (!isWhole(report) || refused().count > 0) process.exitCode = EXIT_REJECTED;
  } finally {
    progress.stop();
    await close();
  }
}

/** Where a replay sends to, and what it compares with. */
interface Way {
  readonly sink: EventSink;
  readonly check?: ReplayCheck;
  readonly refused: CollectorSink['refused'];
  readonly close: () => Promise<unknown>;
}

async function openKafka({ replace, unchecked }: { replace: boolean; unchecked: boolean }): Promise<Way> {
  const groups = { kafka: KafkaSettingsSchema, mongo: MongoSettingsSchema };
  const { kafka, mongo } = readSettingsGroups(groups, process.env);
  const sink = await openKafkaSink({ settings: kafka, clientId: 'storepulse-replay' });
  const refused = () => ({ count: 0, first: [] });
  if (unchecked) return { sink, refused, close: sink.close };
  try {
    const counted = await openCountedStore(mongo);
    return {
      ...{ sink, refused },
      check: { counted, replace, ends: () => sink.ends('transactions') },
      close: () => Promise.all([sink.close(), counted.close()]),
    };
  } catch (error) {
    await sink.close();
    throw error;
  }
}

async function openCollector(
  keyFile: string | undefined,
  waiting: Pick<CollectorSinkOptions, 'onWait' | 'signal'>,
): Promise<Way> {
  const sink = createCollectorSink({ ...readCollectorSettings(process.env, keyFile), ...waiting });
  return { sink, refused: sink.refused, close: async () => {} };
}

quietTimerWarnings();
try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`replay: ${error.message}`);
  process.exitCode = EXIT_FAILED;
}
