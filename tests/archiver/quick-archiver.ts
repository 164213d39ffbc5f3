import { runArchiver } from '@storepulse/archiver/run';

/** The archiver as it is, but for a keeper that looks for work every tenth of a second. */
await runArchiver({ roundMs: 100 });
