import {
  type Environment,
  MongoSettingsSchema,
  readSettings,
  serverSettingsSchema,
} from '@storepulse/contracts';
import { type Static, Type } from 'typebox';

/** What the exporter is told by its environment. */
export const ExporterSettingsSchema = Type.Object({
  ...MongoSettingsSchema.properties,
  ...serverSettingsSchema('exporter').properties,
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
