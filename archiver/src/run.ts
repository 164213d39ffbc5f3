import { eventRegistry, SettingsError } from '@storepulse/contracts';
import { createLogger, listOf, measureProcess, tlsFiles } from '@storepulse/http';
import { LakeError } from '@storepulse/lake';
import { ProcessorError } from '@storepulse/processor/errors';
import { type Archiver, type ArchiverOptions, startArchiver } from './archiver.ts';
import { createServer } from './operate/server.ts';
import { STARTING } from './operate/status.ts';
import { createTelemetry } from './operate/telemetry.ts';
import { readArchiverSettings } from './settings.ts';

export type { ArchiverStep } from './steps.ts';

/** A drain that takes longer is cut short: the next owner reads on from the last commit. */
const DRAIN_MS = 9_000;

/**
 * The archiver as a program, told what to do by the environment: serves until SIGTERM or SIGINT, drains, and ends the
 * process with status 0; with status 1 and one line that says why when it can't start or go on.
 * @param test see ArchiverOptions
 */
export async function runArchiver(
  test: Pick<ArchiverOptions, 'onStep' | 'roundMs' | 'leaseMs'> = {},
): Promise<void> {
  await serve(test).catch((error: unknown) => {
    const known =
      error instanceof SettingsError ||
      error instanceof ProcessorError ||
      error instanceof LakeError ||
      (error as { code?: string }).code === 'EADDRINUSE';
    process.stderr.write(
      `storepulse archiver: ${known ? (error as Error).message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(1);
  });
}

async function serve(test: Pick<ArchiverOptions, 'onStep' | 'roundMs' | 'leaseMs'>): Promise<void> {
  const {
    kafka,
    mongo,
    server: listen,
    listener,
    lake,
    archiver: settings,
  } = readArchiverSettings(process.env);
  const logger = createLogger('archiver', listen.logLevel);
  const telemetry = createTelemetry();
  measureProcess(telemetry.registry);
  let archiver: Archiver | undefined;
  const server = createServer(() => archiver?.status() ?? STARTING, telemetry, logger, {
    host: listen.host,
    alsoHosts: listOf(listener.alsoHosts),
    tls: tlsFiles('archiver', listener),
  });
  await server.listen({ host: listen.host, port: listen.port });

  let stopping = false;
  const stop = async (reason: string, status: number) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => {
      logger.warn({ ms: DRAIN_MS, status: archiver?.status() }, 'draining takes too long; it is cut short');
      process.exit(status || 1);
    }, DRAIN_MS).unref();
    await archiver?.stop();
    await server.close();
    process.exit(status);
  };
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));

  archiver = await startArchiver({
    ...test,
    events: eventRegistry,
    kafka,
    mongo,
    lake,
    settings,
    logger,
    telemetry,
    onCrash: (error) => {
      logger.fatal({ err: error }, 'the consumer has ended');
      void stop('crash', 1);
    },
  });
  logger.info({ address: server.addresses()[0], lake: lake.location }, 'archiver started');
}
