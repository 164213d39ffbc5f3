import { STARTING as ARCHIVER_STARTING } from '@storepulse/archiver/operate/status';
import { createTelemetry as createArchiverTelemetry } from '@storepulse/archiver/operate/telemetry';
import { DEFAULT_LIMITS } from '@storepulse/collector/limits/limits';
import { appOver as collectorOver, type MemoryKafka } from '@storepulse/collector/testing/app';
import { catalog } from '@storepulse/contracts';
import { SHOP } from '@storepulse/contracts/testing/events';
import { createApp as createExporter } from '@storepulse/exporter/app';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { OTHER, OWN, storeOfTwoShops, TIME } from '@storepulse/exporter/testing/two-shops';
import { type App, createWorkerServer, type Policy } from '@storepulse/http';
import { STARTING } from '@storepulse/processor/operate/readiness';
import { createTelemetry as createProcessorTelemetry } from '@storepulse/processor/operate/telemetry';
import { createControlServer } from '@storepulse/simulator/http/server';
import { createMetrics } from '@storepulse/simulator/run/metrics';
import pino from 'pino';
import { stillSimulator } from './still-simulator.ts';

/** A part that serves HTTP. */
export type ServingPart = 'exporter' | 'collector' | 'simulator' | 'processor' | 'archiver';

/** All parts that serve HTTP, over memory, not listening: for `inject`. */
export interface Parts extends AsyncDisposable {
  readonly apps: Readonly<Record<ServingPart, App>>;
  /** What the collector puts into Kafka. */
  readonly kafka: MemoryKafka;
}

/** What parts are opened with. */
export interface PartsOptions {
  /** @default open */
  readonly policy?: Policy;
  /** @default the two shops */
  readonly store?: MetricStore;
  /** @default no limit */
  readonly requestsPerSecond?: number;
  /** Of each key, to the collector. @default its own limit */
  readonly eventsPerSecond?: number;
}

/** A minute after all that the two shops have. */
export const NOW = TIME + 60_000;

const log = pino({ level: 'silent' });
const now = () => NOW;

/** Opens the exporter alone. */
export async function openExporter(options: PartsOptions): Promise<App> {
  const { policy = 'open', store = storeOfTwoShops(), requestsPerSecond } = options;
  const app = await createExporter({
    ...{ store, catalog, version: '1.2.3', now, log, policy, requestsPerSecond },
  });
  return app as App;
}

/** Opens them. */
export async function openParts(options: PartsOptions = {}): Promise<Parts> {
  const { policy = 'open', requestsPerSecond } = options;
  const { eventsPerSecond = DEFAULT_LIMITS.eventsPerSecond } = options;
  const { app: collector, kafka } = await collectorOver(
    [OWN, OTHER].map((shop) => ({ ...SHOP, shop })),
    { policy, log, now, limits: { ...DEFAULT_LIMITS, eventsPerSecond } },
  );
  const { registry } = createMetrics();
  const apps = {
    exporter: await openExporter(options),
    collector,
    simulator: await createControlServer({
      ...{ simulator: await stillSimulator(), registry, logger: log, now, policy, requestsPerSecond },
    }),
    processor: createWorkerServer({
      ...{ part: 'processor', status: () => STARTING, registry: createProcessorTelemetry().registry, log },
    }),
    archiver: createWorkerServer({
      ...{
        part: 'archiver',
        status: () => ARCHIVER_STARTING,
        registry: createArchiverTelemetry().registry,
        log,
      },
    }),
  };
  for (const app of Object.values(apps)) await app.ready();
  return {
    ...{ apps, kafka },
    [Symbol.asyncDispose]: async () => {
      for (const app of Object.values(apps)) await app.close();
    },
  };
}
