import { runProcessor } from './operate/run.ts';

await runProcessor();
