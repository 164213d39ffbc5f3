import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackReport } from '@storepulse/local/parts/keep-up';
import { type RunningStack, type RunStackOptions, runStack } from '@storepulse/local/parts/run-stack';
import { quietly } from '@storepulse/local/programs/find';
import { readStackSettings } from '@storepulse/local/settings';
import { ownEnvironment } from './own-environment.ts';

/** A whole stack as `npm start` runs it, on free ports, with a folder of its own. */
export interface OwnStack {
  running: RunningStack;
  /** Where its data is. */
  folder: string;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** What runs, and with which settings beside those of its place. */
export type OwnStackOptions = Pick<RunStackOptions, 'without' | 'monitoring'> & {
  environment: Readonly<Record<string, string>>;
};

/** Starts a stack; what it began is ended and removed when it does not come up. @param signal aborted: the start is given up */
export async function startOwnStack(
  { environment: settings, ...what }: OwnStackOptions,
  report: StackReport,
  signal: AbortSignal,
): Promise<OwnStack> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-stack-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const environment = { ...(await ownEnvironment(folder)), ...settings };
    const running = await runStack(
      {
        ...what,
        environment,
        settings: readStackSettings(environment),
        dataFolder: folder,
        find: quietly(environment),
        installSeconds: 0,
        report,
      },
      signal,
    );
    return {
      running,
      folder,
      async close() {
        await running.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
