import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { runInTerminal } from './part-program.ts';

const FOLDER = join(ROOT, 'tests', 'warehouse', 'deep');

/**
 * `npm run test:warehouse`: eight days of every fault, a real shop's year, and dbt where it is installed. Ends with its exit
 * status.
 * @param args parts of file names, such as `dbt`. @default all files
 */
export async function warehouseTest(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.deep.ts'));
  const chosen = files.filter((name) => args.length === 0 || args.some((part) => name.includes(part)));
  const paths = chosen.map((name) => join(FOLDER, name));
  await runInTerminal(['--test', '--test-concurrency=1', ...paths], environment);
}
