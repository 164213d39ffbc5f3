import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The folder of the stack's state: `STOREPULSE_DATA`, else `.storepulse` in the checkout, so that two clones share nothing. */
export function dataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return environment.STOREPULSE_DATA || join(ROOT, '.storepulse');
}
