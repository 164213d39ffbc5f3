/** The archiver as a library, for tests and benches. */
export { type Archiver, type ArchiverOptions, startArchiver } from './archiver.ts';
export { createTelemetry } from './operate/telemetry.ts';
export { ARCHIVER_SETTINGS, readArchiverSettings } from './settings.ts';
export { ARCHIVER_STEPS, type ArchiverStep } from './steps.ts';
