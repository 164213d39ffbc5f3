import { runArchiver } from './run.ts';

await runArchiver();
