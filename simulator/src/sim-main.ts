import { setTimeout } from 'node:timers/promises';
import { SettingsError } from '@storepulse/contracts';
import { readClientSettings } from './cli/client-settings.ts';
import { createControlClient } from './cli/control-client.ts';
import { createProgram } from './cli/program.ts';
import { SimulatorError } from './errors.ts';

const CLEAR_SCREEN = '\u001b[H\u001b[J';

try {
  const { url, apiKey } = readClientSettings(process.env);
  const client = createControlClient(url, apiKey);
  await createProgram({
    client,
    write: console.log,
    clear: () => {
      if (process.stdout.isTTY) process.stdout.write(CLEAR_SCREEN);
    },
    sleep: (ms) => setTimeout(ms),
  }).parseAsync();
} catch (error) {
  if (!(error instanceof SimulatorError || error instanceof SettingsError)) throw error;
  console.error(`sim: ${error.message}`);
  process.exitCode = 1;
}
