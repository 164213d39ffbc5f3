/** The collector as a library: its server, and the schemas of what it takes. */
export { type AppDeps, createApp } from './app.ts';
export { publishedSchemas } from './events/published.ts';
