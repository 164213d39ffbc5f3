import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that fetched programs are kept in: `STOREPULSE_CACHE`, else `storepulse` in the user's cache folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return (
    environment.STOREPULSE_CACHE ||
    join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'storepulse')
  );
}
