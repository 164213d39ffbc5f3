import { readFileSync } from 'node:fs';
import {
  type Environment,
  readSettings,
  SettingsError,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts';
import { Type } from 'typebox';

/** Where the collector is, beside its host and port, and who sends to it. */
const CollectorClientSettingsSchema = Type.Object({
  url: setting(
    'COLLECTOR_URL',
    Type.Optional(Type.String({ pattern: '^https?://', description: 'address of the collector' })),
  ),
  key: setting(
    'COLLECTOR_KEY',
    Type.Optional(Type.String({ description: 'a key with the scope ingest, when it asks for one' })),
    { secret: true },
  ),
});

/** Where events are sent through a collector, and with which key. */
export interface CollectorClientSettings {
  readonly url: string;
  readonly key: string | undefined;
}

/**
 * Reads where the collector is.
 * @param keyFile a file that holds the key; it counts more than the environment
 * @throws {SettingsError} listing the faults
 */
export function readCollectorSettings(
  environment: Environment,
  keyFile: string | undefined,
): CollectorClientSettings {
  const { host, port } = readSettings(serverSettingsSchema('collector'), environment);
  const { url = `http://${host}:${port}`, key } = readSettings(CollectorClientSettingsSchema, environment);
  return { url, key: keyFile === undefined ? key : readKey(keyFile) };
}

function readKey(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new SettingsError(`--key-file ${file} can't be read: ${(error as Error).message}`);
  }
  if (key === '') throw new SettingsError(`--key-file ${file} is empty: it must hold the key`);
  return key;
}
