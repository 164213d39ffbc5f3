import { KafkaSettingsSchema, MongoSettingsSchema, PORTS, serverSettingsSchema } from '@storepulse/contracts';
import type { PartName } from '../parts/stack.ts';
import { ServerPortsSchema } from '../settings.ts';

/**
 * The environment for tests: the caller's without the settings of a stack, so that no test reaches a stack that runs
 * beside it.
 */
export function testEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const schemas = [
    KafkaSettingsSchema,
    MongoSettingsSchema,
    ServerPortsSchema,
    ...Object.keys(PORTS).map((part) => serverSettingsSchema(part as PartName)),
  ];
  const names = schemas.flatMap(({ properties }) =>
    Object.values(properties).map((property) => (property as unknown as { env: string }).env),
  );
  const settings = new Set([...names.flatMap((name) => [name, `${name}_FILE`]), 'STOREPULSE_DATA']);
  const rest = Object.fromEntries(Object.entries(environment).filter(([name]) => !settings.has(name)));
  // kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
  return {
    ...rest,
    NODE_OPTIONS: `${environment.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim(),
  };
}
