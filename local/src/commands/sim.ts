import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { runPartProgram } from './part-program.ts';

/**
 * `npm run sim`: steers the simulator of the running stack, or the one that `SIMULATOR_URL` names. Ends with its
 * exit status.
 * @param args passed on as they are
 */
export async function sim(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const settings = readRunState(dataFolder(environment))?.settings ?? {};
  await runPartProgram('simulator/src/sim-main.ts', args, environment, settings);
}
