import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from '../errors.ts';
import { ROOT } from '../paths.ts';
import { runInTerminal } from './part-program.ts';

/**
 * Runs the deep tests of a folder, `*.deep.ts`, one file after the other: those that take too long for `npm test`. Ends with
 * their exit status.
 * @param folder from the root
 * @param args parts of file names, such as `dbt`. @default all files
 * @throws {LocalError} `no_tests` when no file's name contains one: without a file Node would run all tests that it finds
 */
export async function deepTests(
  folder: string,
  environment: NodeJS.ProcessEnv,
  args: string[],
): Promise<void> {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.deep.ts'));
  const chosen = files.filter((name) => args.length === 0 || args.some((part) => name.includes(part)));
  if (chosen.length === 0) {
    const there = files.map((name) => name.replace('.deep.ts', '')).join(', ');
    throw new LocalError(
      'no_tests',
      `No deep test's name contains "${args.join('" or "')}": there are ${there}.`,
    );
  }
  const paths = chosen.map((name) => join(ROOT, folder, name));
  await runInTerminal(['--test', '--test-concurrency=1', ...paths], environment);
}
