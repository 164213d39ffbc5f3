import { checkHealth } from '../parts/health.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { lagText } from '../screen/status-line.ts';

/**
 * `npm run status`: what runs where, and how it is. Exit status 0 when everything is ready, 1 when not.
 * @param json one JSON document instead of text: `{ running, pid, startedAt, parts, lag, seconds }`
 */
export async function status(environment: NodeJS.ProcessEnv, { json }: { json: boolean }): Promise<void> {
  const state = readRunState(dataFolder(environment));
  if (!state) {
    console.log(
      json
        ? JSON.stringify({ running: false, parts: [], lag: null })
        : 'Not running. Start it with: npm start',
    );
    process.exitCode = 1;
    return;
  }
  const { parts, lag } = await checkHealth(state);
  if (parts.some(({ ready }) => !ready)) process.exitCode = 1;
  const { supervisor, startedAt, seconds } = state;
  if (json) {
    console.log(
      JSON.stringify({ running: true, pid: supervisor.pid, startedAt, parts, lag, seconds }, null, 2),
    );
    return;
  }
  console.log(`Running since ${startedAt} (process ${supervisor.pid})`);
  for (const { name, address, state: doing, ready, pid, restarts } of parts) {
    const facts = [pid ? `process ${pid}` : '', restarts > 0 ? `restarts ${restarts}` : ''].filter(Boolean);
    console.log(
      `  ${name.padEnd(13)} ${address.padEnd(26)} ${(ready ? 'ready' : doing).padEnd(10)} ${facts.join(', ')}`.trimEnd(),
    );
  }
  console.log(`  ${lagText(lag)}`);
}
