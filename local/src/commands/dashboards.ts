import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { runInTerminal } from './part-program.ts';

/**
 * `npm run test:dashboards`: every dashboard in a browser, over a stack of its own with history. Ends with its exit status.
 * @param args passed on as they are
 */
export async function dashboards(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([join(ROOT, 'tests/dashboards/main.ts'), ...args], testEnvironment(environment));
}
