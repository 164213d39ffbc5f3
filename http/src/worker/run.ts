import { SettingsError, type serverSettingsSchema } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Static } from 'typebox';
import { createLogger } from '../logger.ts';
import { measureProcess } from '../server/telemetry.ts';
import { type HttpPart, type ListenerSettings, listOf, tlsFiles } from '../settings.ts';
import { createWorkerServer, type WorkerStatus } from './server.ts';

/** The work of a worker, under way. */
export interface Work {
  status(): WorkerStatus;
  /** Ends it, with what is begun committed. */
  stop(): Promise<void>;
}

/** What a worker consists of, once its settings are read. */
export interface WorkerParts {
  readonly server: Static<ReturnType<typeof serverSettingsSchema>>;
  readonly listener: ListenerSettings;
  readonly registry: Registry;
  /** What it says of itself until its work has started. */
  readonly starting: WorkerStatus;
  /** Starts the work. @param onCrash to be called when it has ended by itself */
  readonly start: (logger: Logger, onCrash: (error: Error) => void) => Promise<Work>;
}

/** Errors that are told to people as they are, without a stack. */
type KnownError = abstract new (...args: never[]) => Error;

/** A drain that takes longer is cut short: the next owner reads on from the last commit. */
const DRAIN_MS = 9_000;

/**
 * Runs a worker as a program: serves until SIGTERM or SIGINT, drains, and ends the process with status 0; with status 1 and
 * one line that says why when it can't start or go on.
 * @param known errors of the part, told without a stack as those of settings are
 * @param configure reads the settings
 */
export async function runWorker(
  part: HttpPart,
  known: readonly KnownError[],
  configure: () => WorkerParts,
): Promise<void> {
  try {
    await serve(part, configure());
  } catch (error) {
    const isKnown =
      [SettingsError, ...known].some((kind) => error instanceof kind) ||
      (error as { code?: string }).code === 'EADDRINUSE';
    process.stderr.write(
      `storepulse ${part}: ${isKnown ? (error as Error).message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(1);
  }
}

async function serve(
  part: HttpPart,
  { server: listen, listener, registry, starting, start }: WorkerParts,
): Promise<void> {
  const logger = createLogger(part, listen.logLevel);
  // Memory, CPU, event loop: under the names that the client gives them everywhere.
  measureProcess(registry);
  let work: Work | undefined;
  const server = createWorkerServer({
    ...{ part, registry, log: logger, status: () => work?.status() ?? starting },
    ...{ host: listen.host, alsoHosts: listOf(listener.alsoHosts), tls: tlsFiles(part, listener) },
  });
  await server.listen({ host: listen.host, port: listen.port });

  let stopping = false;
  const stop = async (reason: string, status: number) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => {
      logger.warn({ ms: DRAIN_MS, status: work?.status() }, 'draining takes too long; it is cut short');
      process.exit(status || 1);
    }, DRAIN_MS).unref();
    await work?.stop();
    await server.close();
    process.exit(status);
  };
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));

  work = await start(logger, (error) => {
    logger.fatal({ err: error }, 'the consumer has ended');
    void stop('crash', 1);
  });
  logger.info({ address: server.addresses()[0] }, `${part} started`);
}
