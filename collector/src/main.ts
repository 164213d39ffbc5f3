import {
  kafkaAdvice,
  platformaticConnection,
  readSettingsGroups,
  SettingsError,
  serverSettingsSchema,
} from '@storepulse/contracts';
import { createLogger, listOf, openPolicy, parseKeys, policySettings, tlsFiles } from '@storepulse/http';
import { createApp } from './app.ts';
import { createTelemetry } from './http/telemetry.ts';
import { createProducer } from './kafka/producer.ts';
import { createSender } from './kafka/sender.ts';
import { createShopTable } from './kafka/shop-table.ts';
import { followShops } from './kafka/shops.ts';
import { openShopsLog } from './kafka/topic-log.ts';
import { collectorSettingsGroups, limitsOf } from './settings.ts';

/** How long requests in flight may take when the collector is told to stop. */
const STOP_DEADLINE_MS = 8_000;
const CLIENT_ID = 'storepulse-collector';

function readSettings() {
  try {
    const groups = { server: serverSettingsSchema('collector'), ...collectorSettingsGroups };
    const read = readSettingsGroups(groups, process.env);
    platformaticConnection(read.kafka);
    const { host } = read.server;
    const setting = 'COLLECTOR_API_KEYS';
    const keys = parseKeys(read.settings.apiKeys, setting);
    const named = { setting, keys, scope: 'ingest' } as const;
    return {
      ...read,
      who: policySettings('collector', host, read.access, named),
      tls: tlsFiles('collector', read.listener),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const { server, kafka, listener, settings, who, tls } = readSettings();
const log = createLogger('collector', server.logLevel as string);
const telemetry = createTelemetry();
const onFailure = (what: string) => (error: unknown) => {
  telemetry.countFailure();
  const advice = kafkaAdvice(error, kafka);
  log.warn({ reason: (error as Error).message, ...(advice ? { advice } : {}) }, what);
};
const shops = followShops(
  createShopTable(),
  () => openShopsLog(kafka, CLIENT_ID),
  onFailure('the topic shops can not be read; trying again'),
);
const sender = createSender(createProducer(kafka, CLIENT_ID), {
  now: () => performance.now(),
  onFailure: onFailure('Kafka did not take events; their senders are told'),
});
const policy = openPolicy(who, log);
const app = await createApp({
  ...{ shops, sender, telemetry, log, policy, tls },
  limits: limitsOf(settings),
  origins: listOf(settings.allowedOrigins),
  host: server.host,
  alsoHosts: listOf(listener.alsoHosts),
});

const stop = async (signal: NodeJS.Signals) => {
  log.info({ signal }, 'stopping');
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  await app.close();
  await Promise.all([shops.close(), sender.close()]);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

try {
  await app.listen({
    host: server.host,
    port: server.port,
    listenTextResolver: (address) => `collector listens at ${address}`,
  });
  if (policy === 'open') log.info(`open: everyone who reaches ${server.host} may send events`);
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `COLLECTOR_PORT: port ${server.port} on ${server.host} is taken; set another one\n`
      : `COLLECTOR_HOST, COLLECTOR_PORT: can't listen on ${server.host}:${server.port}: ${(error as Error).message}\n`,
  );
  await Promise.all([shops.close(), sender.close()]);
  process.exitCode = 2;
}
