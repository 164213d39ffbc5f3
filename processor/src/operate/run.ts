import { eventRegistry } from '@storepulse/contracts';
import { openCatalog } from '@storepulse/contracts/catalog/file/read';
import { runWorker } from '@storepulse/http';
import { ProcessorError } from '../errors.ts';
import { type ProcessorPorts, startProcessor } from '../processor.ts';
import { readProcessorSettings } from '../settings.ts';
import { STARTING } from './readiness.ts';
import { createTelemetry } from './telemetry.ts';

/**
 * The processor as a program, told what to do by the environment.
 * @param ports see ProcessorOptions
 */
export function runProcessor(ports?: ProcessorPorts): Promise<void> {
  return runWorker('processor', [ProcessorError], () => {
    const { kafka, mongo, server, listener, catalog, processor } = readProcessorSettings(process.env);
    const telemetry = createTelemetry();
    const options = {
      ...{ catalog: openCatalog(catalog.catalogFile), events: eventRegistry },
      ...{ kafka, mongo, settings: processor, telemetry, ...(ports ? { ports } : {}) },
    };
    return {
      ...{ server, listener, registry: telemetry.registry, starting: STARTING },
      start: (logger, onCrash) => startProcessor({ ...options, logger, onCrash }),
    };
  });
}
