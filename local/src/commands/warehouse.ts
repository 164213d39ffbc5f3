import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder, ROOT } from '../paths.ts';
import { programEnvironment, runInTerminal, runPartProgram } from './part-program.ts';

/** Run as it is: its models are files beside it, and DuckDB is a native library, which no bundle holds. */
const MAIN = join(ROOT, 'warehouse', 'src', 'main.ts');

/**
 * `npm run warehouse`: runs, back-fills and tests the warehouse of the running stack, or of the servers that the
 * environment names. Ends with its exit status.
 * @param args passed on as they are
 */
export async function warehouse(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await runInTerminal([MAIN, ...args], programEnvironment(environment, settingsOf(environment)));
}

/**
 * `npm run reconcile`: compares the stream with the warehouse and, where the stack's simulator runs, with its ledger. Ends
 * with its exit status.
 * @param args passed on as they are
 */
export async function reconcile(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const settings = settingsOf(environment);
  const asksForHelp = args.includes('--help') || args.includes('-h');
  const hasLedger = args.some((arg) => arg === '--ledger' || arg.startsWith('--ledger='));
  if (asksForHelp || hasLedger || !('SIMULATOR_URL' in settings))
    return warehouse(environment, ['reconcile', ...args]);
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-ledger-'));
  try {
    const file = join(folder, 'ledger.ndjson');
    await runPartProgram('simulator/src/ledger-main.ts', ['--out', file], environment, settings);
    if (!process.exitCode) await warehouse(environment, ['reconcile', '--ledger', file, ...args]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the running stack says of itself, and where the lake and the warehouse are in its data folder. */
function settingsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const folder = dataFolder(environment);
  return {
    LAKE_LOCATION: join(folder, 'lake'),
    WAREHOUSE_FILE: join(folder, 'warehouse.duckdb'),
    WAREHOUSE_CACHE: join(folder, 'lake-cache'),
    ...readRunState(folder)?.settings,
  };
}
