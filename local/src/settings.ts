import {
  type Environment,
  KafkaSettingsSchema,
  MongoSettingsSchema,
  PORTS,
  readSettingsGroups,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts';
import { type Static, type TObject, Type } from 'typebox';
import type { PartName } from './parts/stack.ts';

const port = (env: string, value: number, what: string) =>
  setting(env, Type.Integer({ minimum: 1, maximum: 65_535, default: value, description: `port of ${what}` }));

/** Where the servers that are started here listen. */
export const ServerPortsSchema = Type.Object({
  kafka: port('KAFKA_PORT', 19_092, 'the local Kafka'),
  kafkaController: port('KAFKA_CONTROLLER_PORT', 19_093, "the local Kafka's controller"),
  mongodb: port('MONGODB_PORT', 27_018, 'the local MongoDB'),
  prometheus: port('PROMETHEUS_PORT', 9090, 'the local Prometheus'),
  alertmanager: port('ALERTMANAGER_PORT', 9093, 'the local Alertmanager'),
  notifications: port('NOTIFICATIONS_PORT', 9099, 'the page of what Alertmanager has sent'),
});

/** A variable that a schema of settings reads; of a secret also `<env>_FILE`. */
export interface Variable {
  env: string;
  secret?: boolean;
}

/** The variables that a schema of settings reads. */
export function variablesOf({ properties }: TObject): Variable[] {
  return Object.values(properties).map((property) => property as unknown as Variable);
}

/** What `npm start` is told by its environment. */
export interface StackSettings {
  ports: Static<typeof ServerPortsSchema>;
  /** Servers that exist already, by the variable that names them; undefined: started here. */
  given: { kafka: string | undefined; mongodb: string | undefined };
}

/**
 * Reads the settings of the whole stack, also those of its parts, so that a fault shows before anything is started.
 * @throws {SettingsError} listing the faults
 */
export function readStackSettings(environment: Environment): StackSettings {
  const parts = Object.keys(PORTS).map((part) => [part, serverSettingsSchema(part as PartName)] as const);
  const { ports } = readSettingsGroups(
    {
      ...Object.fromEntries(parts),
      ports: ServerPortsSchema,
      kafka: KafkaSettingsSchema,
      mongodb: MongoSettingsSchema,
    },
    environment,
  );
  return {
    ports,
    given: {
      kafka: environment.KAFKA_BROKERS || undefined,
      mongodb: environment.MONGODB_URI || environment.MONGODB_URI_FILE || undefined,
    },
  };
}
