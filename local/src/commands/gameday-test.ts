import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { runInTerminal } from './part-program.ts';

/**
 * `npm run test:gameday`: every scenario in a stack of its own. Ends with its exit status.
 * @param args passed on as they are
 */
export async function gamedayTest(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([join(ROOT, 'tests/gameday/main.ts'), ...args], testEnvironment(environment));
}
