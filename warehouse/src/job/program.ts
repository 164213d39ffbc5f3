import type { WarehouseRunDocument } from '@storepulse/contracts';
import { Command, InvalidArgumentError } from 'commander';
import type { ReconcileOptions } from '../reconcile/reconcile.ts';
import { report } from '../reconcile/report.ts';
import { describeFailures, type Refreshed } from '../run/refresh.ts';
import { nextRunAfter } from './next-run.ts';
import type { WarehouseJob } from './warehouse-job.ts';

/** What the program works with. */
export interface ProgramOptions {
  /** Opened when a command needs it, so that `--help` needs no server. */
  readonly job: () => Promise<WarehouseJob>;
  readonly write: (text: string) => void;
  /** Ends the program with this status. */
  readonly exit: (status: number) => void;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** When `daily` runs, `HH:MM` in UTC. */
  readonly at: () => string;
  /** Whether `daily` is to end. */
  readonly isStopped: () => boolean;
}

const RUNS = 20;

/** `npm run warehouse`: runs, back-fills, tests and tells of the warehouse. `npm run reconcile` is its `reconcile`. */
export function createProgram({ job, write, exit, now, sleep, at, isStopped }: ProgramOptions): Command {
  const program = new Command('warehouse').description(
    'Brings the warehouse, SQL models over the archive of events, up to date, and compares it with the stream.',
  );
  const reconcileOf = async (
    opened: WarehouseJob,
    asked: Pick<ReconcileOptions, 'shop' | 'from' | 'to'> & { ledger?: string },
  ) => {
    const found = await opened.reconcile(asked);
    write(report(found));
    if (found.differences.length > 0) exit(1);
  };

  program
    .command('run')
    .summary('make anew what has changed')
    .description('Makes the days anew whose archive has changed since the last run, and tests the data.')
    .option('--full', 'all days', false)
    .action(async ({ full }: { full: boolean }) => {
      const opened = await job();
      write(summary(await opened.refresh('run', { kind: full ? 'all' : 'changed' })));
    });
  program
    .command('backfill')
    .summary('make a range of days anew')
    .requiredOption('--from <day>', 'first day, such as 2026-01-31', parseDay)
    .requiredOption('--to <day>', 'last day', parseDay)
    .option('--shop <shop>', 'of one shop')
    .action(async ({ from, to, shop }: { from: string; to: string; shop?: string }, command: Command) => {
      if (from > to) command.error('error: --from must not be after --to.');
      const opened = await job();
      write(
        summary(await opened.refresh('backfill', { kind: 'range', from, to, ...(shop ? { shop } : {}) })),
      );
    });
  program
    .command('test')
    .summary('test the data')
    .description('Runs the tests that the models’ schema.yml and tests/ declare.')
    .action(async () => {
      const opened = await job();
      const results = await opened.test();
      const failed = results.filter(({ failures }) => failures > 0);
      write(failed.length > 0 ? describeFailures(failed) : `${results.length} tests of the data passed.`);
      if (failed.length > 0) exit(1);
    });
  program
    .command('status')
    .summary('show the latest runs')
    .action(async () => {
      const opened = await job();
      write(
        (await opened.runs(RUNS)).map(lineOf).join('\n') || 'There was no run yet: npm run warehouse -- run',
      );
    });
  program
    .command('reconcile')
    .summary('compare with the stream')
    .description(
      'Compares stream, warehouse and, with --ledger, what must be: metric by metric, dimension by dimension, day by day. Prints what was expected, what is shown and the difference. Exit status: 0 all agree · 1 some differ.',
    )
    .option('--shop <shop>', 'one shop')
    .option('--from <day>', 'first day; by default the shop’s first', parseDay)
    .option('--to <day>', 'last day; by default the last that has ended', parseDay)
    .option('--ledger <file>', 'what must be, as lines of JSON')
    .action(async (asked: { shop?: string; from?: string; to?: string; ledger?: string }) => {
      await reconcileOf(await job(), asked);
    });
  program
    .command('daily')
    .summary('run and reconcile every day, until it is stopped')
    .description(
      'Runs at WAREHOUSE_AT (UTC), then compares with the stream. A failure is in the run log, and the next day is tried.',
    )
    .action(async () => {
      while (!isStopped()) {
        const next = nextRunAfter(now(), at());
        write(`The next run is at ${new Date(next).toISOString()}.`);
        await sleep(next - now());
        if (isStopped()) return;
        try {
          const opened = await job();
          write(summary(await opened.refresh('run', { kind: 'changed' })));
          write(report(await opened.reconcile({})));
        } catch (error) {
          write(`Failed: ${(error as Error).message}`);
        }
      }
    });
  return program;
}

function summary({ days, models, tests }: Refreshed): string {
  const ms = models.reduce((sum, { ms: own }) => sum + own, 0);
  return `${days} days made anew, ${models.length} models in ${(ms / 1_000).toFixed(1)} s, ${tests.length} tests of the data passed.`;
}

function lineOf({
  startedAt,
  endedAt,
  kind,
  scope,
  outcome,
  attempts,
  days,
  cells,
  differences,
  error,
}: WarehouseRunDocument) {
  const took = endedAt ? `${((endedAt.getTime() - startedAt.getTime()) / 1_000).toFixed(1)} s` : '';
  const figures = [
    days === undefined ? '' : `${days} days`,
    cells === undefined ? '' : `${differences} of ${cells} cells differ`,
    attempts > 1 ? `${attempts} attempts` : '',
    error?.split('\n')[0] ?? '',
  ].filter(Boolean);
  return [
    startedAt.toISOString(),
    kind.padEnd(9),
    outcome.padEnd(9),
    took.padStart(8),
    scope,
    figures.join(', '),
  ]
    .join('  ')
    .trimEnd();
}

function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay) throw new InvalidArgumentError('use a day such as 2026-01-31.');
  return text;
}
