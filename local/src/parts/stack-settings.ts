import { resolve } from 'node:path';
import { type Environment, KafkaSettingsSchema, MongoSettingsSchema } from '@storepulse/contracts';
import { type StackSettings, variablesOf } from '../settings.ts';
import { partUrl } from './part-service.ts';
import { type Part, STACK } from './stack.ts';

/** The setting of the folder of keys. */
const ACCESS_FOLDER = 'ACCESS_FOLDER';
/** A file that holds a secret of a part, such as `SIMULATOR_API_KEY_FILE`. */
const FILE_OF_PART = new RegExp(`^(${STACK.map(({ name }) => name.toUpperCase()).join('|')})_.*_FILE$`);

/**
 * The variables with which the parts, and other programs, reach the stack: the addresses of what is started here, and
 * what was given of Kafka, MongoDB and files that hold secrets. Secrets themselves are not among them.
 * @param parts those that are started
 */
export function stackSettings(
  environment: Environment,
  { given, ports }: StackSettings,
  parts: readonly Part[] = STACK,
): Record<string, string> {
  const settings = givenSettings(environment);
  if (!given.kafka) settings.KAFKA_BROKERS = `127.0.0.1:${ports.kafka}`;
  if (!given.mongodb) settings.MONGODB_URI = `mongodb://127.0.0.1:${ports.mongodb}/?replicaSet=rs0`;
  for (const part of parts) settings[`${part.name.toUpperCase()}_URL`] = partUrl(part, environment);
  return settings;
}

/** What was given and may be written down. Files get their full path: other programs run in other folders. */
function givenSettings(environment: Environment): Record<string, string> {
  const variables = [KafkaSettingsSchema, MongoSettingsSchema].flatMap(variablesOf);
  const names = variables.map(({ env, secret }) => (secret ? `${env}_FILE` : env));
  const isOurs = (name: string) => names.includes(name) || name === ACCESS_FOLDER || FILE_OF_PART.test(name);
  const isPath = (name: string) => name.endsWith('_FILE') || name === ACCESS_FOLDER;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value && isOurs(name) ? [[name, isPath(name) ? resolve(value) : value]] : [],
    ),
  );
}
