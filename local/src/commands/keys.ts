import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { runPartProgram } from './part-program.ts';

/**
 * `npm run keys`: manages the keys of the running stack, or those of the folder that `ACCESS_FOLDER` names. Ends with its
 * exit status.
 * @param args passed on as they are
 */
export async function keys(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const settings = readRunState(dataFolder(environment))?.settings ?? {};
  await runPartProgram('http/src/keys-main.ts', args, environment, settings);
}
