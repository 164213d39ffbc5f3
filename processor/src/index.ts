/** The processor as a library: tests and benches run it with catalogues of their own. */
export { ProcessorError, type ProcessorErrorCode } from './errors.ts';
export { createTelemetry } from './operate/telemetry.ts';
export { type Processor, type ProcessorOptions, startProcessor } from './processor.ts';
export { readProcessorSettings } from './settings.ts';
