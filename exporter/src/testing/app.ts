import { catalog } from '@storepulse/contracts';
import pino from 'pino';
import { createApp } from '../app.ts';
import type { Depth } from '../depth/depth.ts';
import type { App } from '../http/type-provider.ts';
import type { MetricStore } from '../store/store.ts';

/** The exporter's server over a store, not listening: for `inject`. */
export function appOver(store: MetricStore, now?: number, depth?: Depth): Promise<App> {
  return createApp({
    store,
    catalog,
    log: pino({ level: 'silent' }),
    version: '1.2.3',
    depth,
    ...(now === undefined ? {} : { now: () => now }),
  });
}
