import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { runInTerminal } from './part-program.ts';

/**
 * `npm run test:images`: builds the container images and runs them. Ends with its exit status.
 * @param args passed on as they are
 */
export async function images(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([join(ROOT, 'tests/images/main.ts'), ...args], testEnvironment(environment));
}
