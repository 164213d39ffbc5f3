/** What the parts agree on. */
export * from './calendar-label.ts';
export * from './catalog/index.ts';
export * from './events/index.ts';
export * from './fates.ts';
export { hash64, hashBucket } from './hash.ts';
export * from './ids.ts';
export * from './measures/index.ts';
export * from './metric-record.ts';
export * from './money.ts';
export * from './mongo-connection.ts';
export * from './mongo-topology.ts';
export * from './query.ts';
export * from './settings.ts';
export { isSocketError } from './socket-errors.ts';
export * from './storage.ts';
export * from './time.ts';
export * from './topics.ts';
export * from './windows.ts';
