/** What all parts that serve HTTP share: who may use them, how errors are told, what is logged and measured. */
export * from './access/caller.ts';
export { type NamedKey, parseKeys } from './access/named-keys.ts';
export { openPolicy, type Policy, type PolicySettings } from './access/policy.ts';
export { type ErrorList, HTTP_ERRORS, HttpError, type HttpErrorCode } from './errors.ts';
export { createLogger } from './logger.ts';
export { createRateLimit, type RateLimit } from './rate.ts';
export { createHttpApp, type HttpOptions, type Listening } from './server/create-app.ts';
export { accessInOpenApi } from './server/openapi.ts';
export { sendProblem } from './server/problems.ts';
export { measureProcess } from './server/telemetry.ts';
export type { App } from './server/types.ts';
export * from './settings.ts';
export { runWorker, type Work, type WorkerParts } from './worker/run.ts';
export { createWorkerServer, type WorkerStatus } from './worker/server.ts';
