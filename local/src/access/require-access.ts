import { LocalError } from '../errors.ts';
import type { StackSettings } from '../settings.ts';
import { missingKafkaAccess } from './kafka-access.ts';
import { missingMongoAccess } from './mongo-access.ts';

/**
 * Checks the servers that were given by address, both at once.
 * @throws {LocalError} `access_missing` listing everything that the user must still be given
 */
export async function requireAccess({ given }: StackSettings, environment: NodeJS.ProcessEnv): Promise<void> {
  const [kafka, mongodb] = await Promise.all([
    given.kafka ? missingKafkaAccess(environment) : [],
    given.mongodb ? missingMongoAccess(environment) : [],
  ]);
  const missing = [...kafka, ...mongodb];
  if (missing.length > 0) {
    throw new LocalError(
      'access_missing',
      `The given servers can't be used:\n${missing.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}
