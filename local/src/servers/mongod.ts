import { mkdir } from 'node:fs/promises';
import type { ServiceSpec } from '../processes/service.ts';
import { isPrimary, isServing, REPLICA_SET } from './replica-set.ts';

/** What a mongod is started from. */
export interface MongodOptions {
  /** Finds the `mongod` executable. */
  find(): Promise<string>;
  /** Folder for its data. */
  folder: string;
  port: number;
  /** WiredTiger's cache in GB. @default 0.5 */
  cacheGb?: number;
  /**
   * Its number in a replica set of several, which somebody else configures. @default a set of its own, configured at the
   * first start
   */
  member?: number;
  /** Further server parameters; they go over ours. */
  parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** A mongod, by default as a replica set of one, since transactions need a replica set. */
export function mongodService({
  find,
  folder,
  port,
  cacheGb = 0.5,
  member,
  parameters: further,
}: MongodOptions): ServiceSpec {
  const options = {
    dbpath: folder,
    port,
    bind_ip: '127.0.0.1',
    replSet: REPLICA_SET,
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
    ...further,
  };
  return {
    name: member === undefined ? 'mongodb' : `mongodb-${member}`,
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
    isReady: () => (member === undefined ? isPrimary(port) : isServing(port)),
    startTimeoutMs: 60_000,
    stopGraceMs: 3500,
  };
}
