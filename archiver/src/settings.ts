import {
  KafkaSettingsSchema,
  MongoSettingsSchema,
  readSettingsGroups,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts';
import { listenerSettingsSchema } from '@storepulse/http';
import { LakeSettingsSchema } from '@storepulse/lake';
import { type Static, Type } from 'typebox';

/** Settings of the archiver alone. */
export const ArchiverSettingsSchema = Type.Object({
  flushMs: setting(
    'ARCHIVER_FLUSH_MS',
    Type.Integer({
      default: 30_000,
      minimum: 100,
      maximum: 3_600_000,
      description: 'how long records wait for their file at most; less is fresher and makes more small files',
    }),
  ),
  flushMb: setting(
    'ARCHIVER_FLUSH_MB',
    Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 4_096,
      description: 'megabytes of rows that wait in memory at most, of all partitions together',
    }),
  ),
  memoryMb: setting(
    'ARCHIVER_DUCKDB_MB',
    Type.Integer({
      default: 256,
      minimum: 64,
      maximum: 65_536,
      description: 'megabytes that DuckDB may hold; what needs more goes to the scratch folder',
    }),
  ),
  fileMb: setting(
    'ARCHIVER_FILE_MB',
    Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 1_024,
      description: 'megabytes that merged files have at most',
    }),
  ),
  mergeMs: setting(
    'ARCHIVER_MERGE_MS',
    Type.Integer({
      default: 86_400_000,
      minimum: 1_000,
      maximum: 7 * 86_400_000,
      description:
        'how often the files of ended days are merged; small files of the running day are merged as they come',
    }),
  ),
  keepMs: setting(
    'ARCHIVER_REPLACED_KEEP_MS',
    Type.Integer({
      default: 600_000,
      minimum: 0,
      maximum: 86_400_000,
      description:
        'how long merged files stay for those who read them still; what an erasure replaces goes at once',
    }),
  ),
  scratch: setting(
    'ARCHIVER_SCRATCH',
    Type.Optional(
      Type.String({
        description: 'folder for files on their way. Unset: the folder of the system for what is temporary',
      }),
    ),
  ),
});
/** Settings of the archiver alone. */
export type ArchiverSettings = Static<typeof ArchiverSettingsSchema>;

/** All groups of settings that the archiver reads. */
export const ARCHIVER_SETTINGS = {
  kafka: KafkaSettingsSchema,
  mongo: MongoSettingsSchema,
  server: serverSettingsSchema('archiver'),
  listener: listenerSettingsSchema('archiver'),
  lake: LakeSettingsSchema,
  archiver: ArchiverSettingsSchema,
};

/** Reads everything the archiver is told by its environment. @throws {SettingsError} listing every fault. */
export function readArchiverSettings(environment: Readonly<Record<string, string | undefined>>) {
  return readSettingsGroups(ARCHIVER_SETTINGS, environment);
}
