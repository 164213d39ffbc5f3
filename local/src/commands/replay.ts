import { LocalError } from '../errors.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { runPartProgram } from './part-program.ts';

/**
 * `npm run replay`: runs the simulator's replay against the running stack, or against the servers that the
 * environment names. Ends with its exit status.
 * @param args passed on as they are
 * @throws {LocalError} `not_running` when there is nothing to replay into
 */
export async function replay(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const state = readRunState(dataFolder(environment));
  const asksForHelp = args.includes('--help') || args.includes('-h');
  const isTold = environment.KAFKA_BROKERS || environment.COLLECTOR_URL;
  if (!state && !isTold && !asksForHelp) {
    throw new LocalError(
      'not_running',
      'Nothing is running to replay into. Start it in another terminal (npm start), or set KAFKA_BROKERS, or COLLECTOR_URL for --via collector.',
    );
  }
  await runPartProgram('simulator/src/replay-main.ts', args, environment, state?.settings ?? {});
}
