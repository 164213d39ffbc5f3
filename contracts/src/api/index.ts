/** The exporter's API: the schemas of its calls, and a client that is typed by them. */
export * from './annotations.ts';
export * from './calls.ts';
export * from './catalog.ts';
export * from './dimension-values.ts';
export * from './over-fetch.ts';
export * from './query-facts.ts';
