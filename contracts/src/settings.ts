import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

/** Thrown when the environment does not fit a schema: one message that lists every fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** A process environment: names to texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Declares a setting read from the environment variable `env`. A secret may also come from the file named in `<env>_FILE`. */
export function setting<S extends TSchema>(env: string, schema: S, options: { secret?: boolean } = {}): S {
  // A schema's kind and its being optional are hidden properties, which a spread would lose.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as S;
  return Object.assign(copy, { env }, options.secret ? { secret: true } : {});
}

/**
 * Reads settings through their schema into a frozen object; unset variables take the schema's default.
 * @throws {SettingsError} listing every variable that is missing or does not fit, with what was expected.
 */
export function readSettings<P extends TProperties>(
  schema: TObject<P>,
  environment: Environment,
): Static<TObject<P>> {
  return readSettingsGroups({ schema }, environment).schema;
}

/**
 * Reads several groups of settings at once, each through its schema.
 * @throws {SettingsError} listing the faults of all groups.
 */
export function readSettingsGroups<G extends Readonly<Record<string, TObject>>>(
  groups: G,
  environment: Environment,
): { [Name in keyof G]: Static<G[Name]> } {
  const faults = new Set<string>();
  const read = Object.entries(groups).map(([name, schema]) => [name, collect(schema, environment, faults)]);
  if (faults.size > 0)
    throw new SettingsError(`Settings are not usable:\n${[...faults].map((f) => `  - ${f}`).join('\n')}`);
  return Object.fromEntries(read);
}

/** Reads what fits, and notes what does not. */
function collect(schema: TObject, environment: Environment, faults: Set<string>): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const { env, secret } = property as unknown as { env: string; secret?: boolean };
    const text = secret ? readSecret(env, environment, faults) : environment[env];
    const value = text === undefined || text === '' ? undefined : Value.Convert(property, text);
    raw[name] = value ?? (property as { default?: unknown }).default;
    if (raw[name] === undefined) {
      if (!isOptional(property)) faults.add(`${env} is not set`);
      delete raw[name];
    } else if (!Value.Check(property, raw[name])) {
      faults.add(`${env}: ${secret ? 'the value' : `"${text}"`} does not fit: ${describe(property)}`);
    }
  }
  return Object.freeze(raw);
}

function readSecret(env: string, environment: Environment, faults: Set<string>): string | undefined {
  const file = environment[`${env}_FILE`];
  if (file === undefined) return environment[env];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    faults.add(`${env}_FILE: the file "${file}" can't be read`);
    return undefined;
  }
}

function isOptional(schema: TSchema): boolean {
  return Type.IsOptional(schema);
}

function describe(schema: TSchema): string {
  const { description = '', minimum, maximum, pattern, anyOf } = schema as unknown as Record<string, unknown>;
  const bounds = [
    minimum !== undefined ? `at least ${minimum}` : '',
    maximum !== undefined ? `at most ${maximum}` : '',
    pattern !== undefined ? `pattern ${pattern}` : '',
    Array.isArray(anyOf) ? `one of ${anyOf.map((s: { const?: unknown }) => s.const).join(', ')}` : '',
  ].filter(Boolean);
  return [description, ...bounds].filter(Boolean).join('; ');
}

const port = (env: string, value: number, what: string) =>
  setting(env, Type.Integer({ minimum: 0, maximum: 65_535, default: value, description: `port of ${what}` }));

/** Where Kafka is, how to log in, and how our topics are laid out. */
export const KafkaSettingsSchema = Type.Object({
  brokers: setting(
    'KAFKA_BROKERS',
    Type.String({
      default: '127.0.0.1:19092',
      pattern: '^[^,:\\s]+:\\d+(,[^,:\\s]+:\\d+)*$',
      description: 'host:port, comma-separated',
    }),
  ),
  saslMechanism: setting(
    'KAFKA_SASL_MECHANISM',
    Type.Optional(
      Type.Union([Type.Literal('plain'), Type.Literal('scram-sha-256'), Type.Literal('scram-sha-512')], {
        description: 'how to log in to Kafka; unset: no login',
      }),
    ),
  ),
  username: setting('KAFKA_USERNAME', Type.Optional(Type.String({ description: 'login for Kafka' }))),
  password: setting('KAFKA_PASSWORD', Type.Optional(Type.String({ description: 'password for Kafka' })), {
    secret: true,
  }),
  tls: setting('KAFKA_TLS', Type.Boolean({ default: false, description: 'true: speak TLS to the brokers' })),
  caFile: setting(
    'KAFKA_CA_FILE',
    Type.Optional(Type.String({ description: 'PEM file of the CA that signed the brokers' })),
  ),
  topicPrefix: setting(
    'TOPIC_PREFIX',
    Type.String({
      default: '',
      pattern: '^[A-Za-z0-9._-]{0,40}$',
      description: 'put before every topic, group and transactional id',
    }),
  ),
  partitions: setting(
    'TOPIC_PARTITIONS',
    Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 1024,
      description: 'partitions of the topics that are created',
    }),
  ),
  replicationFactor: setting(
    'TOPIC_REPLICATION_FACTOR',
    Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 9,
      description: 'replicas of the topics that are created',
    }),
  ),
});
/** Where Kafka is, how to log in, and how our topics are laid out. */
export type KafkaSettings = Static<typeof KafkaSettingsSchema>;

/** Where MongoDB is. Login and TLS are part of the URI. */
export const MongoSettingsSchema = Type.Object({
  uri: setting(
    'MONGODB_URI',
    Type.String({
      default: 'mongodb://127.0.0.1:27018/?replicaSet=rs0',
      pattern: '^mongodb(\\+srv)?://',
      description: 'connection string, a replica set',
    }),
    { secret: true },
  ),
  database: setting(
    'MONGODB_DATABASE',
    Type.String({
      default: 'storepulse',
      pattern: '^[A-Za-z0-9_-]{1,38}$',
      description: 'database that holds the metrics',
    }),
  ),
});
/** Where MongoDB is. */
export type MongoSettings = Static<typeof MongoSettingsSchema>;

/** Where each part listens. */
export const PORTS = {
  exporter: 9464,
  processor: 9465,
  simulator: 8089,
  collector: 8090,
  archiver: 9466,
  preview: 3100,
} as const;

/** The settings of a part's own HTTP server: `<PART>_HOST`, `<PART>_PORT` and `LOG_LEVEL`. */
export function serverSettingsSchema(part: keyof typeof PORTS) {
  const prefix = part.toUpperCase();
  return Type.Object({
    host: setting(
      `${prefix}_HOST`,
      Type.String({ default: '127.0.0.1', description: `address the ${part} listens on` }),
    ),
    port: port(`${prefix}_PORT`, PORTS[part], `the ${part}`),
    logLevel: setting(
      'LOG_LEVEL',
      Type.Union(
        ['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
        { default: 'info', description: 'what is logged' },
      ),
    ),
  });
}

/** Where the metrics and dimensions of one's own are declared; the same for all parts. */
export const CatalogSettingsSchema = Type.Object({
  catalogFile: setting(
    'CATALOG_FILE',
    Type.Optional(
      Type.String({
        description:
          'file (YAML or JSON) of metrics and dimensions of your own: docs/how-to/bring-your-own-metric.md. The processor, the exporter and rebuild must be given the same',
      }),
    ),
  ),
});

interface Login<Mechanism extends string> {
  mechanism: Mechanism;
  username: string;
  password: string;
}

/** The settings of a kafkajs client, as far as ours decide them. */
export interface KafkaConnection {
  brokers: string[];
  ssl: boolean | { ca: string[] };
  sasl?: Login<'plain'> | Login<'scram-sha-256'> | Login<'scram-sha-512'>;
}

/**
 * Turns the settings into a kafkajs client's connection options.
 * @throws {SettingsError} when a login lacks its name or password, or the CA file can't be read.
 */
export function kafkaConnection(settings: KafkaSettings): KafkaConnection {
  const { saslMechanism: mechanism, username, password } = settings;
  if (mechanism && (!username || !password)) {
    throw new SettingsError(
      `KAFKA_SASL_MECHANISM is ${mechanism}: set KAFKA_USERNAME and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE) too`,
    );
  }
  return {
    brokers: settings.brokers.split(','),
    ssl: settings.tls && settings.caFile ? { ca: [readCa(settings.caFile)] } : settings.tls,
    ...(mechanism && username && password
      ? { sasl: { mechanism, username, password } as NonNullable<KafkaConnection['sasl']> }
      : {}),
  };
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** The settings of a client of `@platformatic/kafka`, as far as ours decide them. */
export interface PlatformaticConnection {
  bootstrapBrokers: string[];
  tls?: { ca?: string[] };
  tlsServerName?: boolean;
  sasl?: { mechanism: (typeof MECHANISMS)[keyof typeof MECHANISMS]; username: string; password: string };
}

/**
 * The same for a client of `@platformatic/kafka`.
 * @throws {SettingsError} as `kafkaConnection` does
 */
export function platformaticConnection(settings: KafkaSettings): PlatformaticConnection {
  const { brokers, ssl, sasl } = kafkaConnection(settings);
  // Brokers behind a proxy are told apart by the name that is asked for; an address is not allowed there.
  const tlsServerName = !brokers.some((broker) => isIP(broker.slice(0, broker.lastIndexOf(':'))));
  return {
    bootstrapBrokers: brokers,
    ...(ssl ? { tls: ssl === true ? {} : ssl, tlsServerName } : {}),
    ...(sasl ? { sasl: { ...sasl, mechanism: MECHANISMS[sasl.mechanism] } } : {}),
  };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(`KAFKA_CA_FILE: the file "${file}" can't be read`);
  }
}
