import { randomBytes } from 'node:crypto';
import {
  KafkaSettingsSchema,
  readSettings,
  SettingsError,
  serverSettingsSchema,
} from '@storepulse/contracts';
import pino from 'pino';
import { parseDuration } from './duration.ts';
import { SimulatorError } from './errors.ts';
import { createControlServer } from './http/server.ts';
import { systemClock } from './run/clock.ts';
import { createMetrics } from './run/metrics.ts';
import { startRun } from './run/start-run.ts';
import { parseShops, SimulatorSettingsSchema } from './settings.ts';
import { openKafkaSink } from './sink/kafka-sink.ts';
import { createPersistentSink } from './sink/persistent-sink.ts';
import { quietTimerWarnings } from './sink/quiet-timers.ts';

/** After this long, what Kafka has not taken by then is given up, so that the end never hangs. */
const STOP_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const server = readSettings(serverSettingsSchema('simulator'), process.env);
  const kafka = readSettings(KafkaSettingsSchema, process.env);
  const settings = readSettings(SimulatorSettingsSchema, process.env);
  const logger = pino({ name: 'simulator', level: server.logLevel });
  const seed = settings.seed ?? randomBytes(8).toString('hex');
  const shops = parseShops(settings.shops);

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
  const firstStart = await kafkaSink.isEmpty('shops');
  const backfillMs = firstStart ? parseDuration(settings.backfill) : 0;
  const runner = await startRun({
    ...settings,
    seed,
    shops,
    backfillMs,
    sink,
    clock: systemClock,
    onEvent: metrics.countEvent,
  });
  metrics.watch(runner);
  const app = await createControlServer({
    runner,
    seed,
    shops: shops.map(({ shop }) => shop),
    registry: metrics.registry,
    logger,
    now: systemClock.now,
  });
  await app.listen({ host: server.host, port: server.port });

  const end = () => {
    ending = true;
    runner.stop();
    setTimeout(() => {
      logger.warn('Kafka did not take the last events in time; ending without them');
      process.exit(0);
    }, STOP_GRACE_MS).unref();
  };
  process.once('SIGTERM', end).once('SIGINT', end);
  logger.info({ seed, shops, rate: settings.rate, backfillMs }, 'traffic begins');
  await runner.run();
  if (!ending) await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  await app.close();
  await kafkaSink.close();
  logger.info({ sent: runner.status().sent }, 'traffic ended');
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
