import {
  KafkaSettingsSchema,
  readSettingsGroups,
  SettingsError,
  serverSettingsSchema,
} from '@storepulse/contracts';
import {
  AccessSettingsSchema,
  createLogger,
  listenerSettingsSchema,
  listOf,
  openPolicy,
  policySettings,
  tlsFiles,
} from '@storepulse/http';
import { SimulatorError } from './errors.ts';
import { createControlServer } from './http/server.ts';
import { systemClock } from './run/clock.ts';
import { createMetrics } from './run/metrics.ts';
import { openingRun } from './run/opening-run.ts';
import { createSimulator } from './run/simulator.ts';
import { SimulatorSettingsSchema } from './settings.ts';
import { openKafkaSink } from './sink/kafka-sink.ts';
import { createPersistentSink } from './sink/persistent-sink.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';

/** After this long, what Kafka has not taken by then is given up, so that the end never hangs. */
const STOP_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const groups = {
    server: serverSettingsSchema('simulator'),
    listener: listenerSettingsSchema('simulator'),
    access: AccessSettingsSchema,
    kafka: KafkaSettingsSchema,
    settings: SimulatorSettingsSchema,
  };
  const { server, listener, access, kafka, settings } = readSettingsGroups(groups, process.env);
  const logger = createLogger('simulator', server.logLevel as string);
  const { apiKey } = settings;
  const who = policySettings('simulator', server.host, access, {
    setting: 'SIMULATOR_API_KEY',
    keys: apiKey === undefined ? [] : [{ name: 'simulator-api-key', key: apiKey }],
    scope: 'control',
  });
  const tls = tlsFiles('simulator', listener);

  let ending = false;
  const metrics = createMetrics();
  const kafkaSink = await openKafkaSink({ settings: kafka, clientId: 'storepulse-simulator' });
  const sink = createPersistentSink({
    sink: kafkaSink,
    clock: systemClock,
    stopped: () => ending,
    onFailure: (error) => {
      metrics.countFailure();
      logger.warn({ reason: error.message }, 'Kafka did not take events; trying again');
    },
  });
  const simulator = createSimulator({
    sink,
    clock: systemClock,
    overload: settings.overload,
    onEmission: metrics.countEmission,
  });
  const firstStart = await kafkaSink.isEmpty('shops');
  await simulator.start(openingRun(settings, systemClock.now(), firstStart));
  metrics.watch(() => simulator.runner.status());
  const { registry } = metrics;
  const policy = openPolicy(who, logger);
  const app = await createControlServer({
    simulator,
    registry,
    logger,
    now: systemClock.now,
    ...{ policy, tls, host: server.host, alsoHosts: listOf(listener.alsoHosts) },
    requestsPerSecond: settings.requestsPerSecond,
  });
  await app.listen({ host: server.host, port: server.port });
  if (policy === 'open') logger.info(`open: everyone who reaches ${server.host} may steer the simulator`);
  const { seed, shops, origin, profile } = simulator.spec;
  logger.info({ seed, shops, from: new Date(origin).toISOString(), profile }, 'traffic begins');

  await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  ending = true;
  setTimeout(() => {
    logger.warn('Kafka did not take the last events in time; ending without them');
    process.exit(0);
  }, STOP_GRACE_MS).unref();
  await simulator.end();
  await app.close();
  await kafkaSink.close();
  logger.info({ sent: simulator.runner.status().sent }, 'traffic ended');
}

quietTimerWarnings();
try {
  await main();
} catch (error) {
  const known = error instanceof SettingsError || error instanceof SimulatorError;
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (!known && !taken) throw error;
  console.error(`simulator: ${(error as Error).message}${taken ? '. SIMULATOR_PORT sets another one.' : ''}`);
  process.exit(1);
}
