import { mkdir } from 'node:fs/promises';
import type { ServiceSpec } from '../processes/service.ts';
import { isPrimary } from './replica-set.ts';

/** What a mongod is started from. */
export interface MongodOptions {
  /** Finds the `mongod` executable. */
  find(): Promise<string>;
  /** Folder for its data. */
  folder: string;
  port: number;
  /** WiredTiger's cache in GB. @default 0.5 */
  cacheGb?: number;
}

/** A single mongod that is a replica set of one, since transactions need a replica set. */
export function mongodService({ find, folder, port, cacheGb = 0.5 }: MongodOptions): ServiceSpec {
  const options = {
    dbpath: folder,
    port,
    bind_ip: '127.0.0.1',
    replSet: 'rs0',
    oplogSize: 1024,
    wiredTigerCacheSizeGB: cacheGb,
    // With the defaults, meant for large caches, a small one under load is busy writing the same pages out and reading
    // them again: 5 % of it may be dirty, and 2.5 % updates.
    wiredTigerEngineConfigString:
      'eviction_dirty_target=20,eviction_dirty_trigger=40,eviction_updates_target=10,eviction_updates_trigger=20',
  };
  const parameters = {
    diagnosticDataCollectionEnabled: false,
    // Nobody reads the past here; keeping five minutes of it, as is the default, costs more than half of all writing under load.
    minSnapshotHistoryWindowInSeconds: 5,
  };
  return {
    name: 'mongodb',
    async launch() {
      await mkdir(folder, { recursive: true });
      const args = [
        ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
        ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
        // Nothing of ours lies outside its folder, so no socket in /tmp.
        '--nounixsocket',
        '--quiet',
      ];
      return { command: await find(), args, env: process.env };
    },
    isReady: () => isPrimary(port),
    startTimeoutMs: 60_000,
    stopGraceMs: 3500,
  };
}
