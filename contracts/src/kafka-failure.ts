import type { KafkaSettings } from './settings.ts';

/** What kafkajs and `@platformatic/kafka` tell of a failure, as far as it is looked at. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  /** kafkajs: the address that was tried. */
  readonly broker?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** kafkajs' and `@platformatic/kafka`'s errors of a login that the broker does not accept. */
const LOGIN_REFUSED = ['KafkaJSSASLAuthenticationError', 'PLT_KFK_AUTHENTICATION'];

/**
 * What to do about a failure to use Kafka, in a sentence or two, where the client's error tells more than that nobody
 * answers: it names the settings of the login, or `advertised.listeners` of the brokers.
 */
export function kafkaAdvice(
  error: unknown,
  { brokers, saslMechanism }: Pick<KafkaSettings, 'brokers' | 'saslMechanism'>,
): string | undefined {
  const failures = chainOf(error);
  if (
    failures.some(
      ({ name, code }) => LOGIN_REFUSED.includes(name ?? '') || LOGIN_REFUSED.includes(code ?? ''),
    )
  ) {
    return 'The login was refused. Check KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD.';
  }
  const configured = brokers.split(',').map((broker) => broker.trim());
  const advertised = failures.map(addressOf).find((address) => address && !configured.includes(address));
  if (advertised) {
    return `The cluster says that a broker is at ${advertised}, which can't be reached from here. Check advertised.listeners of the brokers.`;
  }
  if (!saslMechanism && failures.some(isHungUp)) {
    return 'The broker hangs up before it answers. It may want a login (KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD) or TLS (KAFKA_TLS).';
  }
  return undefined;
}

/** The failure and all that caused it. */
function chainOf(error: unknown): Failure[] {
  if (typeof error !== 'object' || error === null) return [];
  const failure = error as Failure;
  return [failure, ...chainOf(failure.cause), ...(failure.errors ?? []).flatMap(chainOf)];
}

function addressOf({ broker, message = '' }: Failure): string | undefined {
  return broker ?? /Connection to (\S+:\d+)/.exec(message)?.[1];
}

/** Both clients' words for a connection that was made and ended by the other side. */
function isHungUp({ name, message = '' }: Failure): boolean {
  return name === 'KafkaJSConnectionClosedError' || /Connection closed/.test(message);
}
