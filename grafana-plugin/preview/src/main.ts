import { SettingsError } from '@storepulse/contracts/settings';
import { pino } from 'pino';
import { createServer } from './server/createServer.ts';
import { PreviewError } from './server/errors.ts';
import { repositoryPaths } from './server/paths.ts';
import { readPreviewSettings } from './server/settings.ts';

async function main(): Promise<void> {
  const { server: listen, hosts, exporter, simulator, prometheus } = readPreviewSettings(process.env);
  const logger = pino({ level: listen.logLevel, base: { part: 'preview' } });
  const app = await createServer({
    paths: repositoryPaths(),
    ...{ exporter, simulator, prometheus, logger },
    host: listen.host,
    alsoHosts: hosts.also.split(',').filter(Boolean),
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ reason: signal }, 'stopping');
      void app.close().then(() => process.exit(0));
    });
  }
  const address = await app.listen({ host: listen.host, port: listen.port });
  logger.info({ address, exporter: exporter.url }, 'preview started');
}

main().catch((error: unknown) => {
  const known =
    error instanceof SettingsError ||
    error instanceof PreviewError ||
    (error as { code?: string }).code === 'EADDRINUSE';
  process.stderr.write(
    `storepulse preview: ${known ? (error as Error).message : String((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
});
