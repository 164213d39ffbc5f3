import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { runInTerminal } from './part-program.ts';

/**
 * `npm run test:chaos`: the whole matrix of faults, on servers of its own. Ends with its exit status.
 * @param args passed on as they are
 */
export async function chaos(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([join(ROOT, 'tests/chaos/main.ts'), ...args], testEnvironment(environment));
}
