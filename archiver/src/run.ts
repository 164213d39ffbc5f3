import { eventRegistry } from '@storepulse/contracts';
import { runWorker } from '@storepulse/http';
import { LakeError } from '@storepulse/lake';
import { ProcessorError } from '@storepulse/processor/errors';
import { type ArchiverOptions, startArchiver } from './archiver.ts';
import { STARTING } from './operate/status.ts';
import { createTelemetry } from './operate/telemetry.ts';
import { readArchiverSettings } from './settings.ts';

export type { ArchiverStep } from './steps.ts';

/**
 * The archiver as a program, told what to do by the environment.
 * @param test see ArchiverOptions
 */
export function runArchiver(
  test: Pick<ArchiverOptions, 'onStep' | 'roundMs' | 'leaseMs'> = {},
): Promise<void> {
  return runWorker('archiver', [ProcessorError, LakeError], () => {
    const { kafka, mongo, server, listener, lake, archiver } = readArchiverSettings(process.env);
    const telemetry = createTelemetry();
    const options = {
      ...{ ...test, events: eventRegistry, kafka, mongo, lake, settings: archiver, telemetry },
    };
    return {
      ...{ server, listener, registry: telemetry.registry, starting: STARTING },
      start: (logger, onCrash) => startArchiver({ ...options, logger, onCrash }),
    };
  });
}
