import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { runInTerminal } from './part-program.ts';

/**
 * `npm run test:security`: attacks every HTTP part. Ends with its exit status.
 * @param args passed on as they are
 */
export async function security(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([join(ROOT, 'tests/security/main.ts'), ...args], testEnvironment(environment));
}
