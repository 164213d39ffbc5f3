import { eventRegistry, SettingsError } from '@storepulse/contracts';
import { openCatalog } from '@storepulse/contracts/catalog/file/read';
import { createLogger, listOf, measureProcess, tlsFiles } from '@storepulse/http';
import { ProcessorError } from '../errors.ts';
import { type Processor, type ProcessorPorts, startProcessor } from '../processor.ts';
import { readProcessorSettings } from '../settings.ts';
import { STARTING } from './readiness.ts';
import { createServer } from './server.ts';
import { createTelemetry } from './telemetry.ts';

/** A drain that takes longer is cut short: the next owner reads on from the last commit. */
const DRAIN_MS = 9_000;

/**
 * The processor as a program, told what to do by the environment: serves until SIGTERM or SIGINT, drains, and ends the
 * process with status 0; with status 1 and one line that says why when it can't start or go on.
 * @param ports see ProcessorOptions
 */
export async function runProcessor(ports?: ProcessorPorts): Promise<void> {
  await serve(ports).catch((error: unknown) => {
    const known =
      error instanceof SettingsError ||
      error instanceof ProcessorError ||
      (error as { code?: string }).code === 'EADDRINUSE';
    process.stderr.write(
      `storepulse processor: ${known ? (error as Error).message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(1);
  });
}

async function serve(ports: ProcessorPorts | undefined): Promise<void> {
  const read = readProcessorSettings(process.env);
  const { kafka, mongo, server: listen, listener, processor: settings } = read;
  const catalog = openCatalog(read.catalog.catalogFile);
  const logger = createLogger('processor', listen.logLevel);
  const telemetry = createTelemetry();
  // Memory, CPU, event loop: under the names that the client gives them everywhere.
  measureProcess(telemetry.registry);
  let processor: Processor | undefined;
  const server = createServer(() => processor?.status() ?? STARTING, telemetry, logger, {
    host: listen.host,
    alsoHosts: listOf(listener.alsoHosts),
    tls: tlsFiles('processor', listener),
  });
  await server.listen({ host: listen.host, port: listen.port });

  let stopping = false;
  const stop = async (reason: string, status: number) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => {
      logger.warn({ ms: DRAIN_MS, status: processor?.status() }, 'draining takes too long; it is cut short');
      process.exit(status || 1);
    }, DRAIN_MS).unref();
    await processor?.stop();
    await server.close();
    process.exit(status);
  };
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));

  processor = await startProcessor({
    catalog,
    events: eventRegistry,
    kafka,
    mongo,
    settings,
    logger,
    telemetry,
    onCrash: (error) => {
      logger.fatal({ err: error }, 'the consumer has ended');
      void stop('crash', 1);
    },
    ...(ports ? { ports } : {}),
  });
  logger.info({ address: server.addresses()[0] }, 'processor started');
}
