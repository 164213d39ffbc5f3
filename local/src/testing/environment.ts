import { KafkaSettingsSchema, MongoSettingsSchema, PORTS } from '@storepulse/contracts';
import { ServerPortsSchema, variablesOf } from '../settings.ts';

/** Settings of a part, by their names: its schema would bring the whole part with it. */
const OF_PART = new RegExp(`^(${Object.keys(PORTS).join('|').toUpperCase()})_`);

/**
 * The environment for tests: the caller's without the settings of a stack, so that no test reaches a stack that runs
 * beside it, or is set up as it is.
 */
export function testEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = [KafkaSettingsSchema, MongoSettingsSchema, ServerPortsSchema].flatMap(variablesOf);
  const settings = new Set([
    ...variables.flatMap(({ env }) => [env, `${env}_FILE`]),
    'LOG_LEVEL',
    'STOREPULSE_DATA',
  ]);
  const rest = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !settings.has(name) && !OF_PART.test(name)),
  );
  // kafkajs 2.2.4 sets negative timers, of which Node 24 warns (tulios/kafkajs#1751).
  return {
    ...rest,
    NODE_OPTIONS: `${environment.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim(),
    // Programs in Go, the type checker and promtool, take a quarter to a third less CPU time when they collect garbage later.
    GOGC: environment.GOGC ?? '400',
  };
}
