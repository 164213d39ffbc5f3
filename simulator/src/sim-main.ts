import { setTimeout } from 'node:timers/promises';
import { readSettings, SettingsError, serverSettingsSchema, setting } from '@storepulse/contracts';
import { Type } from 'typebox';
import { createControlClient } from './cli/control-client.ts';
import { createProgram } from './cli/program.ts';
import { SimulatorError } from './errors.ts';

/** Where the simulator to steer is, beside its host and port. */
const ClientSettingsSchema = Type.Object({
  url: setting(
    'SIMULATOR_URL',
    Type.Optional(Type.String({ pattern: '^https?://', description: 'address of the simulator' })),
  ),
  apiKey: setting(
    'SIMULATOR_API_KEY',
    Type.Optional(Type.String({ description: 'its key, when it asks for one' })),
    {
      secret: true,
    },
  ),
});

const CLEAR_SCREEN = '\u001b[H\u001b[J';

try {
  const { host, port } = readSettings(serverSettingsSchema('simulator'), process.env);
  const { url = `http://${host}:${port}`, apiKey } = readSettings(ClientSettingsSchema, process.env);
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
