import { readFileSync } from 'node:fs';
import { mongoConnection, SettingsError } from '@storepulse/contracts';
import { openCatalog } from '@storepulse/contracts/catalog/file/read';
import { createLogger, listOf, openPolicy, parseKeys, policySettings, tlsFiles } from '@storepulse/http';
import { createApp } from './app.ts';
import { limitsOf, readExporterSettings } from './settings.ts';
import { createMongoStore } from './store/mongo-store.ts';

/** How long requests in flight may take when the exporter is told to stop. */
const STOP_DEADLINE_MS = 8_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Runs `configure`, or ends the process with one message that lists every fault of the settings. */
function configureOrExit<T>(configure: () => T): T {
  try {
    return configure();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const settings = configureOrExit(() => readExporterSettings(process.env));
const catalog = configureOrExit(() => openCatalog(settings.catalogFile));
const who = configureOrExit(() =>
  policySettings('exporter', settings.host, settings, {
    ...{
      setting: 'EXPORTER_API_KEYS',
      keys: parseKeys(settings.apiKeys, 'EXPORTER_API_KEYS'),
      scope: 'read',
    },
  }),
);
const tls = configureOrExit(() => tlsFiles('exporter', settings));
const store = configureOrExit(() => createMongoStore(settings));
const log = createLogger('exporter', settings.logLevel as string);
const { overruled } = mongoConnection(settings);
if (overruled.length > 0)
  log.warn(
    { overruled },
    'these options of MONGODB_URI are not used: figures are read by majority on the primary',
  );
const policy = openPolicy(who, log);
/** Rows of the lake, and of the log beyond it. Only who wants them pays for loading DuckDB and Kafka's clients. */
async function openRowsOfLake() {
  const { openRows } = await import('./depth/open.ts');
  return openRows(settings, catalog, log);
}
const depth = settings.depthMb > 0 ? await openRowsOfLake() : undefined;
const app = await createApp({
  ...{ store, catalog, log, version, policy, tls, depth },
  limits: limitsOf(settings),
  host: settings.host,
  alsoHosts: listOf(settings.alsoHosts),
  requestsPerSecond: settings.requestsPerSecond,
});

const stop = async (signal: NodeJS.Signals) => {
  log.info({ signal }, 'stopping');
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  await app.close();
  await depth?.close();
  await store.close();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

try {
  await app.listen({
    host: settings.host,
    port: settings.port,
    listenTextResolver: (address) => `exporter listens at ${address}`,
  });
  if (policy === 'open') log.info(`open: everyone who reaches ${settings.host} may read all shops`);
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `EXPORTER_PORT: port ${settings.port} on ${settings.host} is taken; set another one\n`
      : `EXPORTER_HOST, EXPORTER_PORT: can't listen on ${settings.host}:${settings.port}: ${(error as Error).message}\n`,
  );
  await depth?.close();
  await store.close();
  process.exitCode = 2;
}
