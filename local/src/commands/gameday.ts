import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readClientSettings } from '@storepulse/simulator/cli/client-settings';
import { createControlClient } from '@storepulse/simulator/cli/control-client';
import { SimulatorError } from '@storepulse/simulator/errors';
import { LocalError } from '../errors.ts';
import { isAsMeant } from '../gameday/game.ts';
import { type GameDayOptions, gameDayProgram } from '../gameday/program.ts';
import { runGameDay } from '../gameday/run-game-day.ts';
import { gameStack } from '../gameday/stack.ts';
import { monitoringFolder, PROMETHEUS_DATA } from '../monitoring/folders.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { findPromtool } from '../programs/find.ts';
import { programEnvironment } from './part-program.ts';

/**
 * `npm run gameday`: lets something go wrong in the simulated shop and waits for its alert. Exit status 1 when it did not fire, did
 * not end, or another one did.
 * @param args passed on as they are
 */
export async function gameday(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interrupted.abort());
  }
  try {
    await gameDayProgram({
      write: (text) => console.log(text),
      play: (options) => playGameDay(environment, options, interrupted.signal),
    }).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (interrupted.signal.aborted) {
      console.log('\nGiven up. The scenario is ended.');
      process.exitCode = 130;
      return;
    }
    if (error instanceof SimulatorError) throw new LocalError('not_running', error.message, { cause: error });
    throw error;
  }
}

async function playGameDay(
  environment: NodeJS.ProcessEnv,
  { scenarios, out }: GameDayOptions,
  signal: AbortSignal,
): Promise<void> {
  const folder = dataFolder(environment);
  const state = readRunState(folder);
  const stack = gameStack(state);
  const { apiKey } = readClientSettings(programEnvironment(environment, state!.settings));
  const outcomes = await runGameDay(scenarios, {
    stack,
    simulator: createControlClient(stack.simulator, apiKey),
    findPromtool,
    storage: join(monitoringFolder(folder, 'prometheus', stack.scale), PROMETHEUS_DATA),
    write: (text) => console.log(text),
    signal,
  });
  // npm changes into the checkout; a relative path of the user's is meant from where npm was called.
  if (out !== undefined) {
    const file = resolve(environment.INIT_CWD ?? process.cwd(), out);
    await writeFile(file, `${JSON.stringify({ scale: stack.scale, outcomes }, null, 2)}\n`);
  }
  if (outcomes.length < scenarios.length || !outcomes.every(isAsMeant)) process.exitCode = 1;
}
