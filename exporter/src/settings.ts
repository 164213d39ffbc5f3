import {
  CatalogSettingsSchema,
  type Environment,
  KafkaSettingsSchema,
  MongoSettingsSchema,
  readSettings,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts';
import {
  AccessSettingsSchema,
  listenerSettingsSchema,
  namedKeysSetting,
  requestRateSetting,
} from '@storepulse/http';
import { LakeSettingsSchema } from '@storepulse/lake/settings';
import { type Static, Type } from 'typebox';
import { DEFAULT_LIMITS, type Limits } from './work/limits.ts';

const MB = 1_024 * 1_024;
const megabytes = (bytes: number, what: string) =>
  Type.Integer({ default: bytes / MB, minimum: 1, maximum: 65_536, description: `memory ${what}, MB` });

/** The exporter's own settings: what requests may use, and for whom. */
export const ExporterOwnSettingsSchema = Type.Object({
  apiKeys: namedKeysSetting('exporter', 'read the figures of all shops'),
  requestsPerSecond: requestRateSetting('exporter', 200),
  timeoutMs: setting(
    'EXPORTER_QUERY_TIMEOUT_MS',
    Type.Integer({
      default: DEFAULT_LIMITS.timeoutMs,
      minimum: 100,
      maximum: 300_000,
      description: 'how long a request for metrics may take, ms',
    }),
  ),
  computingMs: setting(
    'EXPORTER_QUERY_COMPUTING_MS',
    Type.Integer({
      default: DEFAULT_LIMITS.computingMs,
      minimum: 50,
      maximum: 300_000,
      description: 'time of a processor core that computing one request may take, ms',
    }),
  ),
  queryMemoryMb: setting(
    'EXPORTER_QUERY_MEMORY_MB',
    megabytes(DEFAULT_LIMITS.memoryBytes, 'that requests under way may hold together'),
  ),
  windowCacheMb: setting(
    'EXPORTER_WINDOW_CACHE_MB',
    megabytes(DEFAULT_LIMITS.windowCacheBytes, 'that windows and answers are kept in between requests'),
  ),
  depthMb: setting(
    'EXPORTER_DEPTH_MB',
    Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 1_048_576,
      description:
        'memory for rows of the lake, MB, which answer any combination of dimensions; what is more lies in a file. 0: the lake is not read',
    }),
  ),
  depthFolder: setting(
    'EXPORTER_DEPTH_FOLDER',
    Type.Optional(
      Type.String({
        description:
          'where that file, and copies of a bucket’s files, lie while the exporter runs; else the system’s temporary folder',
      }),
    ),
  ),
  tailMb: setting(
    'EXPORTER_TAIL_MB',
    Type.Integer({
      default: 64,
      minimum: 0,
      maximum: 65_536,
      description:
        'megabytes of events, as JSON, that are read from Kafka beyond the lake at most, while combinations are asked for. 0: answers end where the lake does',
    }),
  ),
  factCacheMb: setting(
    'EXPORTER_FACT_CACHE_MB',
    megabytes(
      DEFAULT_LIMITS.factCacheBytes,
      'that orders, refunds, payments and products are kept in between requests',
    ),
  ),
});
/** What the exporter is told by its environment. */
export const ExporterSettingsSchema = Type.Object({
  ...MongoSettingsSchema.properties,
  ...serverSettingsSchema('exporter').properties,
  ...listenerSettingsSchema('exporter').properties,
  ...AccessSettingsSchema.properties,
  ...ExporterOwnSettingsSchema.properties,
  ...LakeSettingsSchema.properties,
  ...KafkaSettingsSchema.properties,
  ...CatalogSettingsSchema.properties,
});
/** What the exporter is told by its environment. */
export type ExporterSettings = Static<typeof ExporterSettingsSchema>;

/**
 * Reads the exporter's settings.
 * @throws {SettingsError} listing every variable that does not fit.
 */
export function readExporterSettings(environment: Environment): ExporterSettings {
  return readSettings(ExporterSettingsSchema, environment);
}

/** What requests may use, as the settings say. */
export function limitsOf(settings: ExporterSettings): Limits {
  return {
    timeoutMs: settings.timeoutMs,
    computingMs: settings.computingMs,
    memoryBytes: settings.queryMemoryMb * MB,
    windowCacheBytes: settings.windowCacheMb * MB,
    factCacheBytes: settings.factCacheMb * MB,
  };
}
