import { KafkaSettingsSchema, readSettings, SettingsError, shopId } from '@storepulse/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { SimulatorError } from './errors.ts';
import type { Speed } from './replay/pacing.ts';
import { createProgress } from './replay/progress.ts';
import { replay } from './replay/replay.ts';
import { formatSummary } from './replay/summary.ts';
import { systemClock } from './run/clock.ts';
import { openKafkaSink } from './sink/kafka-sink.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';

/** Some lines were rejected; all others were sent. */
const EXIT_REJECTED = 2;
const EXIT_FAILED = 1;

const command = new Command('replay')
  .description('Replays UCI Online Retail (CSV, plain or gzip) into a shop, one event per invoice')
  .requiredOption('--file <path>', 'the CSV file, in either published form')
  .option('--shop <id>', 'the shop to replay into', parseShop, 'uk-retail')
  .option(
    '--speed <max|N>',
    'as fast as Kafka takes it, or N times as fast as it happened',
    parseSpeed,
    'max',
  )
  .addHelpText(
    'after',
    `
The same file into the same shop changes nothing the second time.
Kafka's address is KAFKA_BROKERS (default 127.0.0.1:19092).
Exit status: 0 all rows sent · 2 some lines rejected, the others sent · 1 failed`,
  )
  .action(run);

function parseShop(text: string): string {
  try {
    return shopId(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function parseSpeed(text: string): Speed {
  const speed = Number(text);
  if (text === 'max') return 'max';
  if (!(speed > 0 && speed <= 1e9)) throw new InvalidArgumentError('use max, or a number above 0.');
  return speed;
}

async function run({ file, shop, speed }: { file: string; shop: string; speed: Speed }): Promise<void> {
  const settings = readSettings(KafkaSettingsSchema, process.env);
  const sink = await openKafkaSink({ settings, clientId: 'storepulse-replay' });
  const progress = createProgress(process.stderr);
  try {
    const onProgress = progress.update;
    const report = await replay({ file, shop, speed, sink, clock: systemClock, onProgress });
    progress.stop();
    console.log(formatSummary(report, { file, shop }));
    if (report.survey.rejectedCount > 0) process.exitCode = EXIT_REJECTED;
  } finally {
    progress.stop();
    await sink.close();
  }
}

quietTimerWarnings();
try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`replay: ${error.message}`);
  process.exitCode = EXIT_FAILED;
}
