import { endOrphans } from '../parts/orphans.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { endProcess } from '../processes/end-process.ts';

/** The running stack promises to end within 10 s. */
const GRACE_MS = 15_000;

/** `npm stop`: ends the stack that runs on this data folder, wherever it was started; also what a killed one left behind. */
export async function stop(environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = dataFolder(environment);
  const state = readRunState(folder);
  if (state) {
    await endProcess(state.supervisor, GRACE_MS);
    console.log(`Stopped (process ${state.supervisor.pid}). The data stays in ${folder}.`);
  }
  const orphans = await endOrphans(folder);
  if (orphans.length > 0) console.log(`Ended what an earlier run had left: processes ${orphans.join(', ')}.`);
  if (!state && orphans.length === 0) console.log('Nothing is running.');
}
