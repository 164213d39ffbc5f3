import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { runPartProgram } from './part-program.ts';

/**
 * `npm run dead-letters`: looks at the dead letters of the running stack, or of the Kafka that the environment names,
 * and puts them back. Ends with its exit status.
 * @param args passed on as they are
 */
export async function deadLetters(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const settings = readRunState(dataFolder(environment))?.settings ?? {};
  await runPartProgram('processor/src/dead-letters-main.ts', args, environment, settings);
}
