import { quietTimerWarnings } from '@storepulse/simulator/sink/quiet-timers';
import { Command, InvalidArgumentError } from 'commander';
import { measureBackfill } from './backfill.ts';
import { measureProducers } from './producers.ts';
import { measureRates } from './rates.ts';
import { showReport } from './report.ts';
import { measureSustained } from './sustained.ts';

/** Measures the simulator as it runs for users, a process of its own, against a real Kafka on this machine. */
const program = new Command('bench/simulator/run.ts')
  .description('Measures the simulator against a real Kafka that is started for it')
  .option('--json <file>', 'also write the figures to a file, as JSON');

program
  .command('producers')
  .description(
    'events per CPU second of the producer, beside kafkajs’ and @platformatic/kafka’s with the same records',
  )
  .option('--events <count>', 'records for each of them', whole, 300_000)
  .action(async ({ events }: { events: number }) => show('producers', await measureProducers(events)));
program
  .command('sustained')
  .description('events per second and CPU second, memory and its slope, of traffic at a constant rate')
  .option('--rate <rate>', 'events per second', whole, 30_000)
  .option('--minutes <minutes>', 'how long; the first third is warm-up', positive, 3)
  .action(async (options: { rate: number; minutes: number }) =>
    show('sustained', await measureSustained(options)),
  );
program
  .command('backfill')
  .description('how long history takes, and whether it goes on live without a seam')
  .option('--days <days>', 'how much history', whole, 30)
  .option('--rate <rate>', 'events per second of history and afterwards', positive, 2)
  .action(async (options: { days: number; rate: number }) =>
    show('backfill', await measureBackfill(options)),
  );
program
  .command('rates')
  .description('the rate contract, read from the records in Kafka: due times, append less due, a live change')
  .option('--rates <list>', 'events per second, comma-separated', rateList, [10, 500, 5_000])
  .option('--seconds <seconds>', 'how long each', whole, 20)
  .action(async (options: { rates: number[]; seconds: number }) =>
    show('rates', await measureRates(options)),
  );

quietTimerWarnings();
await program.parseAsync();

function show(name: string, rows: Awaited<ReturnType<typeof measureRates>>): void {
  showReport(name, rows, program.opts<{ json?: string }>().json);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('use a number above 0.');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('use a whole number from 1.');
  return value;
}

function rateList(text: string): number[] {
  return text.split(',').map(whole);
}
