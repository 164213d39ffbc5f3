import { KafkaSettingsSchema, setting } from '@storepulse/contracts';
import { AccessSettingsSchema, listenerSettingsSchema, namedKeysSetting } from '@storepulse/http';
import { type Static, Type } from 'typebox';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';

const MB = 1_024 * 1_024;

/** The collector's own settings: who may send, and how much. */
export const CollectorSettingsSchema = Type.Object({
  apiKeys: namedKeysSetting('collector', 'send events of all shops'),
  allowedOrigins: setting(
    'COLLECTOR_ALLOWED_ORIGINS',
    Type.String({
      default: '',
      pattern: '^(https?://[^,/\\s]+(,https?://[^,/\\s]+)*)?$',
      description: 'origins, comma-separated, whose pages may send events from a browser; empty: none',
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
  listener: listenerSettingsSchema('collector'),
  access: AccessSettingsSchema,
  settings: CollectorSettingsSchema,
} as const;

/** What requests may use, as the settings say. */
export function limitsOf({ bodyMb, items, pendingMb, eventsPerSecond }: CollectorSettings): Limits {
  return { bodyBytes: bodyMb * MB, items, pendingBytes: pendingMb * MB, eventsPerSecond };
}
