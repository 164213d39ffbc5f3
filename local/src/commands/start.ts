import { once } from 'node:events';
import { requireAccess } from '../access/require-access.ts';
import type { Monitoring } from '../monitoring/members.ts';
import { runStack } from '../parts/run-stack.ts';
import type { PartName } from '../parts/stack.ts';
import { dataFolder } from '../paths.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { showProgress } from '../screen/bars.ts';
import { startScreen } from '../screen/start-screen.ts';
import { showStatusLine } from '../screen/status-line.ts';
import { createTerminal } from '../screen/terminal.ts';
import { readStackSettings } from '../settings.ts';
import { onStopRequest } from './stop-request.ts';

/** What `npm start` is told by its arguments. */
export interface StartOptions {
  /** Parts that are left out. */
  without: readonly PartName[];
  /** What watches the stack. */
  monitoring: Monitoring;
}

/** `npm start`: everything up in the foreground until it is asked to stop. */
export async function start(
  environment: NodeJS.ProcessEnv,
  { without, monitoring }: StartOptions,
): Promise<void> {
  const settings = readStackSettings(environment);
  const folder = dataFolder(environment);
  const terminal = createTerminal(process.stdout);
  const progress = showProgress(process.stdout);
  const stopRequest = new AbortController();
  let force: () => void = () => process.exit(130);
  onStopRequest({
    first() {
      progress.close();
      terminal.live('');
      terminal.print('\n  Stopping everything (Ctrl-C again: at once) …');
      stopRequest.abort();
    },
    again: () => force(),
  });

  terminal.print('  Starting Storepulse …');
  await requireAccess(settings, environment);
  try {
    const stack = await runStack(
      {
        environment,
        settings,
        without,
        monitoring,
        dataFolder: folder,
        find: { environment, cacheFolder: cacheFolder(environment), progress },
        installSeconds: Number(environment.STOREPULSE_INSTALL_SECONDS ?? 0),
        report: terminal,
      },
      stopRequest.signal,
    );
    force = () => void stack.kill();
    terminal.print(startScreen(stack.state, stack.members, folder, terminal.colors));
    void showStatusLine(stack.state, terminal, stopRequest.signal);
    if (!stopRequest.signal.aborted) await once(stopRequest.signal, 'abort');
    await stack.stop();
  } catch (error) {
    // Asked to stop while it was starting: everything has been ended by now.
    if (!stopRequest.signal.aborted) throw error;
  } finally {
    progress.close();
  }
  terminal.print('  Stopped. The data stays, and npm start goes on from it.');
}
