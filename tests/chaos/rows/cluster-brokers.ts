import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterNode } from '@storepulse/local';
import { createRandom } from '@storepulse/simulator/random/random';
import type { Clock } from '../../support/clock.ts';
import type { TestCluster } from '../../support/cluster.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { untilLevel } from '../support/level.ts';
import { openOrphans } from '../support/orphans.ts';
import { openOutage } from '../support/outage.ts';
import { moveLeaders, untilInSync } from '../support/partitions.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

/** A broker that is told to end hands its partitions over first; it is given the time. */
const CLEAN_STOP_MS = 30_000;
const PARTITIONS = 3;

/** Faults that leave every partition a leader. @returns ms of the longest recovery */
const FAULTS: readonly {
  name: string;
  happen: (context: { cluster: TestCluster; lane: Lane; node: ClusterNode; clock: Clock }) => Promise<number>;
}[] = [
  {
    name: 'rolling restart',
    happen: async ({ cluster: { kafka }, lane, clock }) => {
      let longest = 0;
      for (const node of kafka.nodes) {
        await node.stop(CLEAN_STOP_MS);
        longest = Math.max(longest, await untilLevel(lane, clock));
        await node.start();
        await untilInSync(lane.pipeline);
      }
      return longest;
    },
  },
  {
    name: '`kill -9` of a broker',
    happen: async ({ lane, node, clock }) => {
      await node.kill();
      return untilLevel(lane, clock);
    },
  },
  {
    name: 'leaders moving',
    happen: async ({ lane, clock }) => {
      await moveLeaders(lane.pipeline);
      return untilLevel(lane, clock);
    },
  },
];

/** Brokers of a cluster go and come back, and leaders move. */
export const clusterBrokers: Row = {
  id: 'R17',
  what: 'three brokers: rolling restart, `kill -9` of one, leaders moving, a partition without a leader',
  figure:
    'lost 0, double 0; everything is counted within 30 s while the broker is away; only a partition without a leader waits, and event time stands still there',
  repeats: 100,
  // Minutes of broker starts: left to the whole matrix.
  small: 0,
  run: async ({ cluster: startCluster, clock, name, repeats, onRepeat }) => {
    const cluster = await startCluster();
    const attempts = createAttempts({ onRepeat });
    const random = createRandom(name);
    const lane = await openLane({ servers: cluster, name, faults: ALL_FAULTS, partitions: PARTITIONS });
    const processor = await lane.startProcessor();
    const { pid } = processor.service;
    const outage = await openOutage(cluster, `${name}-leaderless`);
    const orphans = await openOrphans(cluster, `${name}-orphans`);
    for (let n = 0; n < repeats; n++) {
      const fault = FAULTS[n % (FAULTS.length + 2)];
      const stop = lane.feedOn();
      await sleep(random.integer(500, 1_500));
      if (fault) {
        await attempts.repeat(fault.name, () =>
          fault.happen({ cluster, lane, node: random.pick(cluster.kafka.nodes), clock }),
        );
      } else if (n % (FAULTS.length + 2) === FAULTS.length) {
        await attempts.repeat('a partition of facts without a leader', () => outage.happen());
      } else {
        await attempts.repeat('a partition of metric-changes, dead-letter and shops without a leader', () =>
          orphans.happen(),
        );
      }
      await stop();
      await Promise.all(cluster.kafka.nodes.map((node) => node.start()));
      await cluster.kafka.untilComplete();
      await untilInSync(lane.pipeline);
    }
    if (processor.service.pid !== pid) attempts.fail('the processor ended');
    attempts.differences(await outage.judge());
    attempts.differences(await orphans.judge());
    // A producer that lost an answer to a dead broker may have sent its records again under another number.
    attempts.differences(await judge(lane, { resent: true }));
    return attempts.outcome();
  },
};
