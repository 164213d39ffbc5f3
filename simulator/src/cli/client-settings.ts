import { type Environment, readSettings, serverSettingsSchema, setting } from '@storepulse/contracts';
import { Type } from 'typebox';

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

/** Where a simulator is steered, and with which key. */
export interface ClientSettings {
  url: string;
  apiKey: string | undefined;
}

/** Reads where the simulator is. @throws {SettingsError} listing the faults */
export function readClientSettings(environment: Environment): ClientSettings {
  const { host, port } = readSettings(serverSettingsSchema('simulator'), environment);
  const { url = `http://${host}:${port}`, apiKey } = readSettings(ClientSettingsSchema, environment);
  return { url, apiKey };
}
