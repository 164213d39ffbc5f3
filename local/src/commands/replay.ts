import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LocalError } from '../errors.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder, ROOT } from '../paths.ts';

/**
 * `npm run replay`: runs the simulator's replay against the running stack, or against the servers that the
 * environment names. Ends with its exit status.
 * @param args passed on as they are
 * @throws {LocalError} `not_running` when there is nothing to replay into
 */
export async function replay(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const state = readRunState(dataFolder(environment));
  const asksForHelp = args.includes('--help') || args.includes('-h');
  if (!state && !environment.KAFKA_BROKERS && !asksForHelp) {
    throw new LocalError(
      'not_running',
      'Nothing is running to replay into. Start it in another terminal (npm start), or set KAFKA_BROKERS.',
    );
  }
  const child = spawn(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', join(ROOT, 'simulator', 'src', 'replay-main.ts'), ...args],
    {
      stdio: 'inherit',
      // npm changes into the checkout; a relative path of the user's is meant from where npm was called.
      cwd: environment.INIT_CWD ?? process.cwd(),
      // What the user sets counts more than what the stack says of itself.
      env: { ...state?.settings, ...environment },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
