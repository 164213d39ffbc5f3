import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A check beside the tests. */
export interface Check {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The workspace that brings its own compiler, linter and test runner. */
export const PLUGIN = 'storepulse-commerce-datasource';

/** The checks in the order in which they begin: the longest first. */
export const CHECKS: readonly Check[] = [
  {
    title: 'lint of the plugin',
    command: 'npm',
    args: ['run', '--silent', 'lint', '-w', PLUGIN],
  },
  {
    title: 'types of the plugin',
    command: 'npm',
    args: ['run', '--silent', 'typecheck', '-w', PLUGIN],
  },
  { title: 'types', command: 'npm', args: ['run', '--silent', 'typecheck'] },
  { title: 'lint', command: 'npm', args: ['run', '--silent', 'lint'] },
];

/**
 * Runs checks, two at once, and shows what each of them said when it has ended.
 * @returns the titles of those that failed
 */
export async function runChecks(
  checks: readonly Check[],
  root: string,
  env: NodeJS.ProcessEnv,
  show: (check: Check, said: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  const left = checks.values();
  const work = async () => {
    for (const check of left) {
      const { ok, said } = await runCheck(check, root, env);
      if (!ok) failed.push(check.title);
      show(check, said);
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

/** Runs a command to its end. @returns whether it succeeded, and what it said */
export async function runCheck(
  { command, args }: Pick<Check, 'command' | 'args'>,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; said: string }> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  const [ok, ...said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { ok, said: said.join('') };
}
