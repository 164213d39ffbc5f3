import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KafkaSettingsSchema, readSettingsGroups, SettingsError } from '@storepulse/contracts';
import { Command } from 'commander';
import { Type } from 'typebox';
import { createControlClient } from './cli/control-client.ts';
import { SimulatorError } from './errors.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';
import { dailyTruth } from './verify/daily-truth.ts';
import { gatherTruth, type ShopTruth } from './verify/gather-truth.ts';
import { openTopicSource } from './verify/read-topic.ts';
import { simulatorAddress } from './verify/simulator-address.ts';

const AddressSettingsSchema = Type.Object(simulatorAddress);

const command = new Command('ledger')
  .description(
    'Writes what the simulator knows to be true, by metric, dimension, value and day, as lines of JSON.',
  )
  .requiredOption('--out <file>', 'where to')
  .action(async ({ out }: { out: string }) => {
    const groups = { addresses: AddressSettingsSchema, kafka: KafkaSettingsSchema };
    const { addresses, kafka } = readSettingsGroups(groups, process.env);
    const client = createControlClient(addresses.simulator, addresses.apiKey);
    const source = await openTopicSource(kafka);
    try {
      const { shops } = await gatherTruth(client, source, () => {});
      await pipeline(Readable.from(linesOf(shops)), createWriteStream(out));
    } finally {
      await source.close();
    }
  });

function* linesOf(shops: readonly ShopTruth[]): Generator<string> {
  for (const shop of shops) for (const cell of dailyTruth(shop)) yield `${JSON.stringify(cell)}\n`;
}

quietTimerWarnings();
try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`ledger: ${error.message}`);
  process.exitCode = 1;
}
