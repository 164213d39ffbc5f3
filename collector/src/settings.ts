import { isLoopback, KafkaSettingsSchema, SettingsError, setting } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';
import { parseKeys } from './http/keys.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';

const MB = 1_024 * 1_024;

/** The collector's own settings: who may send, and how much. */
export const CollectorSettingsSchema = Type.Object({
  apiKeys: setting(
    'COLLECTOR_API_KEYS',
    Type.Optional(
      Type.String({
        pattern: '^\\s*[a-z0-9-]{1,40}:[!-+\\--~]{32,256}([,\\s]+[a-z0-9-]{1,40}:[!-+\\--~]{32,256})*\\s*$',
        description:
          'keys that may send events, each `name:key` with at least 32 characters, separated by commas or lines; unset: on a loopback address everyone may',
      }),
    ),
    { secret: true },
  ),
  allowedOrigins: setting(
    'COLLECTOR_ALLOWED_ORIGINS',
    Type.String({
      default: '',
      pattern: '^(https?://[^,/\\s]+(,https?://[^,/\\s]+)*)?$',
      description: 'origins, comma-separated, whose pages may send events from a browser; empty: none',
    }),
  ),
  alsoHosts: setting(
    'COLLECTOR_ALSO_HOSTS',
    Type.String({
      default: '',
      pattern: '^[A-Za-z0-9._:,-]*$',
      description:
        'names, comma-separated, under which the collector is reached while it listens on a loopback address',
    }),
  ),
  eventsPerSecond: setting(
    'COLLECTOR_EVENTS_PER_SECOND',
    Type.Integer({
      default: DEFAULT_LIMITS.eventsPerSecond,
      minimum: 1,
      maximum: 10_000_000,
      description: 'events that each key may send per second; without keys all senders together',
    }),
  ),
  bodyMb: setting(
    'COLLECTOR_BODY_MB',
    Type.Integer({
      default: DEFAULT_LIMITS.bodyBytes / MB,
      minimum: 1,
      maximum: 64,
      description: 'size that the body of a request may have, MB; after decompression too',
    }),
  ),
  items: setting(
    'COLLECTOR_BODY_EVENTS',
    Type.Integer({
      default: DEFAULT_LIMITS.items,
      minimum: 1,
      maximum: 100_000,
      description: 'events that a request may have',
    }),
  ),
  pendingMb: setting(
    'COLLECTOR_PENDING_MB',
    Type.Integer({
      default: DEFAULT_LIMITS.pendingBytes / MB,
      minimum: 1,
      maximum: 4_096,
      description: 'size of the bodies under way, MB: beyond, requests are answered 429',
    }),
  ),
});
/** The collector's own settings. */
export type CollectorSettings = Static<typeof CollectorSettingsSchema>;

/** All that the collector is told by its environment, but for its server. */
export const collectorSettingsGroups = {
  kafka: KafkaSettingsSchema,
  settings: CollectorSettingsSchema,
} as const;

/** What requests may use, as the settings say. */
export function limitsOf({ bodyMb, items, pendingMb, eventsPerSecond }: CollectorSettings): Limits {
  return { bodyBytes: bodyMb * MB, items, pendingBytes: pendingMb * MB, eventsPerSecond };
}

/** The texts of a comma-separated list. */
export function listOf(text: string): readonly string[] {
  return text.split(',').filter((entry) => entry !== '');
}

/**
 * Whoever can reach the collector can make events, so from other machines it asks for a key.
 * @param host the address that it listens on
 * @throws {SettingsError} when that can be reached from other machines and there is no key, or two keys share a name
 */
export function checkKeys(host: string, { apiKeys }: Pick<CollectorSettings, 'apiKeys'>): void {
  if (apiKeys === undefined) {
    if (isLoopback(host)) return;
    throw new SettingsError(
      `COLLECTOR_HOST ${host} can be reached from other machines: set COLLECTOR_API_KEYS (or COLLECTOR_API_KEYS_FILE) too, such as shop:$(openssl rand -hex 32)`,
    );
  }
  const names = parseKeys(apiKeys).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SettingsError(`COLLECTOR_API_KEYS names two keys "${twice}"`);
}
