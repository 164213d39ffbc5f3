import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders whose tests `node:test` runs. */
const FOLDERS = [
  'contracts',
  'http',
  'lake',
  'warehouse',
  'simulator',
  'processor',
  'exporter',
  'collector',
  'archiver',
  'grafana-plugin/preview',
  'local',
  'tests',
  'bench',
  'docs',
];
const SKIPPED = new Set(['node_modules', 'dist']);

/** Folders within `tests/` that need neither a server nor a browser, as everything outside of `tests/`. */
const WITHOUT_SERVERS = /^tests\/(.*\/)?(support|provisioning|warehouse)\//;

/** It keeps a core busy: of the files that start processors it runs alone, or these would miss the heartbeats of their groups. */
export const BUSIEST = 'tests/online-retail.test.ts';

/** Those that start no processor: they take the time that the busiest leaves, and together about as long as it. */
export const BESIDE_BUSIEST: readonly string[] = [
  'tests/depth/combinations.test.ts',
  'tests/depth/seam.test.ts',
  'tests/browser/dashboards.test.ts',
  'tests/browser/query-types.test.ts',
  'tests/browser/preview.test.ts',
  'tests/exporter/mongo-store.test.ts',
  'tests/browser/notifications-page.test.ts',
  'tests/browser/editor.test.ts',
  'tests/browser/requests.test.ts',
  'tests/security/security.test.ts',
  'tests/depth/customers.test.ts',
  'tests/servers/mongo-cluster.test.ts',
  'tests/simulator/outage.test.ts',
  'tests/servers/start-servers.test.ts',
  'tests/browser/shop-overview.test.ts',
  'tests/browser/live.test.ts',
  'tests/browser/variables.test.ts',
  'tests/browser/hostile-names.test.ts',
  'tests/servers/access.test.ts',
  'tests/servers/kafka-cluster.test.ts',
  'tests/browser/simulator-page.test.ts',
  'tests/simulator/determinism.test.ts',
];

/**
 * Those that take longest, longest first: they begin first, so that none of them is what a run waits for at its end. Those that wait
 * more than they compute, such as for three servers to agree, come before others of their length.
 */
export const LONGEST: readonly string[] = [
  'tests/simulator/verify.test.ts',
  'tests/chaos/takeovers.test.ts',
  'tests/chaos/servers.test.ts',
  'tests/rebuild/rebuild.test.ts',
  'tests/chaos/endings.test.ts',
  'tests/identities.test.ts',
  'tests/operations.test.ts',
  'tests/pipe.test.ts',
  'tests/own-servers.test.ts',
  'tests/chaos/events.test.ts',
  'tests/scraping.test.ts',
  'tests/protocol/replica-set.test.ts',
  'tests/wide-shops.test.ts',
  'tests/rebuild/own-catalog.test.ts',
  'tests/collector/collector.test.ts',
  'tests/rebuild/offline.test.ts',
  'tests/monitoring.test.ts',
  'tests/readiness.test.ts',
  'tests/kafka/consumer.test.ts',
  'tests/protocol/erasure.test.ts',
];

/** Test files that run at the same time. */
export interface Phase {
  /** In the order in which they begin. */
  readonly files: readonly string[];
  /** So many processes at once, each of which runs one file after the other. */
  readonly concurrency: number;
}

/** The test files of all folders, from the root; with a pattern those whose path contains it. */
export async function findTestFiles(root: string, pattern = ''): Promise<string[]> {
  const files: string[] = [];
  for (const folder of FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      const path = join(folder, entry);
      if (path.endsWith('.test.ts') && !path.split('/').some((part) => SKIPPED.has(part))) files.push(path);
    }
  }
  return files.filter((file) => file.includes(pattern)).sort();
}

/** Whether a test file starts a server or a browser. */
export function needsServers(file: string): boolean {
  return file.startsWith('tests/') && !WITHOUT_SERVERS.test(file);
}

/** How test files are run: those with servers, and those without beside them. */
export interface Lanes {
  /** It keeps a core busy, see `BUSIEST`. */
  readonly busiest: Phase;
  /** They begin with the busiest. */
  readonly besideBusiest: Phase;
  /** The others with servers, the longest first: they begin when the busiest has ended. */
  readonly others: Phase;
  /** Those without: they take the processor's time that the others leave, who mostly wait. */
  readonly withoutServers: Phase;
}

/** So many files with servers at a time: they wait for sessions to expire, for servers and processes to start. Five keep two cores busy. */
const WITH_SERVERS_AT_ONCE = 5;

/** So many files at a time beside the busiest: it keeps one core busy, they keep the other. */
const LANES_BESIDE_BUSIEST = 2;

/** Deals test files out to the lanes. */
export function lanesOf(files: readonly string[]): Lanes {
  const rank = (file: string) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);
  const busiest = files.filter((file) => file === BUSIEST);
  const beside = busiest.length > 0 ? BESIDE_BUSIEST.filter((file) => files.includes(file)) : [];
  const withServers = files.filter(needsServers);
  const others = withServers.filter((file) => file !== BUSIEST && !beside.includes(file));
  return {
    busiest: { files: busiest, concurrency: 1 },
    besideBusiest: { files: beside, concurrency: LANES_BESIDE_BUSIEST },
    others: { files: others.toSorted((a, b) => rank(a) - rank(b)), concurrency: WITH_SERVERS_AT_ONCE },
    withoutServers: {
      files: files.filter((file) => !needsServers(file)),
      concurrency: withServers.length > 0 ? 1 : 2,
    },
  };
}
