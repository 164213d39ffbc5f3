import {
  CatalogSettingsSchema,
  KafkaSettingsSchema,
  MongoSettingsSchema,
  readSettingsGroups,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts';
import { listenerSettingsSchema } from '@storepulse/http';
import { type Static, Type } from 'typebox';

/** Settings of the processor alone. */
export const ProcessorSettingsSchema = Type.Object({
  stages: setting(
    'PROCESSOR_STAGES',
    Type.Union([Type.Literal('both'), Type.Literal('aggregate'), Type.Literal('merge')], {
      default: 'both',
      description: 'which stages this process runs',
    }),
  ),
  commitIntervalMs: setting(
    'PROCESSOR_COMMIT_INTERVAL_MS',
    Type.Integer({
      default: 1_000,
      minimum: 10,
      maximum: 10_000,
      description:
        'how long few records wait for their commit at most; many, and those of quiet traffic, are committed after 125 ms, a backlog once a second. Lower is fresher and costs more',
    }),
  ),
  disorderMs: setting(
    'PROCESSOR_DISORDER_MS',
    Type.Integer({
      default: 5_000,
      minimum: 0,
      maximum: 3_600_000,
      description: 'how far the watermark trails the latest event',
    }),
  ),
  latenessMs: setting(
    'PROCESSOR_LATENESS_MS',
    Type.Integer({
      default: 60_000,
      minimum: 0,
      maximum: 86_400_000,
      description: 'how long after its end a window stays open',
    }),
  ),
});
/** Settings of the processor alone. */
export type ProcessorSettings = Static<typeof ProcessorSettingsSchema>;

/** Reads everything the processor is told by its environment. @throws {SettingsError} listing every fault. */
export function readProcessorSettings(environment: Readonly<Record<string, string | undefined>>) {
  const groups = {
    kafka: KafkaSettingsSchema,
    mongo: MongoSettingsSchema,
    server: serverSettingsSchema('processor'),
    listener: listenerSettingsSchema('processor'),
    processor: ProcessorSettingsSchema,
    catalog: CatalogSettingsSchema,
  };
  return readSettingsGroups(groups, environment);
}
