import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endOrphan } from '../processes/pid-file.ts';

const GRACE_MS = 5000;

/** Ends what an earlier run left running in this data folder. @returns the pids */
export async function endOrphans(dataFolder: string): Promise<number[]> {
  const folder = join(dataFolder, 'pids');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const pids = await Promise.all(files.map((name) => endOrphan(join(folder, name), GRACE_MS)));
  return pids.filter((pid) => pid !== undefined);
}
