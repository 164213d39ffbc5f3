import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { runPartProgram } from './part-program.ts';

/**
 * `npm run verify`: compares what the running stack shows with the simulator's ledger. Ends with its exit status.
 * @param args passed on as they are
 */
export async function verify(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const settings = readRunState(dataFolder(environment))?.settings ?? {};
  await runPartProgram('simulator/src/verify-main.ts', args, environment, settings);
}
