import {
  catalog,
  KafkaSettingsSchema,
  type MongoSettings,
  MongoSettingsSchema,
  PORTS,
  readSettingsGroups,
  SettingsError,
  setting,
} from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import { Command } from 'commander';
import type { MongoClient } from 'mongodb';
import { Type } from 'typebox';
import { createControlClient } from './cli/control-client.ts';
import { SimulatorError } from './errors.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';
import { gatherTruth } from './verify/gather-truth.ts';
import { createVerifyDisplay } from './verify/progress.ts';
import { openTopicSource } from './verify/read-topic.ts';
import { isSound, reportAsJson, reportAsText } from './verify/report.ts';
import { simulatorAddress } from './verify/simulator-address.ts';
import { atRest } from './verify/traffic.ts';
import { type Report, verify } from './verify/verify.ts';

/** Where the parts are that are compared. */
const AddressSettingsSchema = Type.Object({
  ...simulatorAddress,
  exporter: setting(
    'EXPORTER_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.exporter}`,
      pattern: '^https?://',
      description: 'address of the exporter',
    }),
  ),
  exporterKey: setting(
    'EXPORTER_API_KEY',
    Type.Optional(Type.String({ description: 'key of the exporter, when it asks for one' })),
    { secret: true },
  ),
});

const SERVER_SELECTION_MS = 5_000;

const command = new Command('verify')
  .description(
    'Compares MongoDB, the topic metrics, the query API and /metrics with the ledger of the simulator, cell by cell',
  )
  .option('--json', 'prints the result as JSON', false)
  .addHelpText(
    'after',
    `
Pauses the traffic, waits until the processor has nothing left to do, compares, and resumes it.
Every stored metric is compared whole and by each of its dimensions, in every window that is still kept: counts,
sums, least, greatest and last must be equal; distinct counts and quantiles may be off by their declared error.
Exit status: 0 all cells and fates agree · 1 some differ, or something can't be read`,
  )
  .action(run);

async function run({ json }: { json: boolean }): Promise<void> {
  const groups = { addresses: AddressSettingsSchema, kafka: KafkaSettingsSchema, mongo: MongoSettingsSchema };
  const { addresses, kafka, mongo } = readSettingsGroups(groups, process.env);
  const client = createControlClient(addresses.simulator, addresses.apiKey);
  const display = createVerifyDisplay(process.stderr);
  const database = await connect(mongo);
  try {
    const source = await openTopicSource(kafka);
    try {
      const report = await atRest(client, display.waiting, async () => {
        display.reading('the ledger');
        return verify({
          truth: await gatherTruth(client, source, (run) => display.reading(`run ${run} again`)),
          catalog,
          source,
          db: database.db(mongo.database),
          exporter: addresses.exporter,
          exporterKey: addresses.exporterKey,
          progress: display,
        });
      });
      display.stop();
      print(report, json);
    } finally {
      await source.close();
    }
  } finally {
    display.stop();
    await database.close();
  }
}

async function connect(mongo: MongoSettings): Promise<MongoClient> {
  const client = mongoClient(mongo, {
    appName: 'storepulse-verify',
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  });
  try {
    return await client.connect();
  } catch (error) {
    const reason = (error as Error).message;
    throw new SimulatorError(
      'database-unreachable',
      `MongoDB can't be read: ${reason}. Is it running (npm start)? MONGODB_URI names its address.`,
      { cause: error },
    );
  }
}

function print(report: Report, json: boolean): void {
  if (!isSound(report)) process.exitCode = 1;
  console.log(json ? reportAsJson(report) : reportAsText(report).join('\n'));
}

quietTimerWarnings();
try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`verify: ${error.message}`);
  process.exitCode = 1;
}
