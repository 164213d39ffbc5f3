import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { LocalError } from '../errors.ts';
import { endOrphans } from '../parts/orphans.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';

/** What we put into the data folder. Only these are removed: the folder may be a user's own. */
const OURS = /^(kafka|mongodb|lake|logs|pids|run\.json|(prometheus|alertmanager)(-x\d+)?)$/;

/**
 * `npm run reset`: removes the stored events and metrics of the local servers.
 * @throws {LocalError} `already_running` while the stack runs; `confirmation_missing` without a terminal to ask on
 */
export async function reset(environment: NodeJS.ProcessEnv, { yes }: { yes: boolean }): Promise<void> {
  const folder = dataFolder(environment);
  const state = readRunState(folder);
  if (state) {
    throw new LocalError(
      'already_running',
      `Storepulse is running here (process ${state.supervisor.pid}). Stop it first: npm stop`,
    );
  }
  if (!yes && !(await confirm(`Remove all events, metrics and logs in ${folder}? [y/N] `))) {
    console.log('Nothing was removed.');
    return;
  }
  await endOrphans(folder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((entry) => OURS.test(entry))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  console.log(`Removed the data in ${folder}. Servers that were given by address are as they were.`);
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new LocalError(
      'confirmation_missing',
      'There is no terminal to ask on. To remove the data without being asked: npm run reset -- --yes',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
