/** The exporter as a library: its server, for tests that cross parts. */
export { type AppDeps, createApp } from './app.ts';
export { createMongoStore } from './store/mongo-store.ts';
export type { MetricStore } from './store/store.ts';
