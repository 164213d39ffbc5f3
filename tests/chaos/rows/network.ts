import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningPart } from '@storepulse/local';
import type { Clock } from '../../support/clock.ts';
import type { TestCluster } from '../../support/cluster.ts';
import { redirectConnections, redirected } from '../../support/redirect.ts';
import { until } from '../../support/until.ts';
import type { Row, RowContext } from '../row.ts';
import { type Attempts, createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { LEVEL_MS, untilLevel } from '../support/level.ts';
import type { Link } from '../support/link.ts';
import { type Links, openLinks } from '../support/links.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const PARTITIONS = 3;
/** How soon a part must say that it is not ready. */
const NOTICED_MS = 10_000;
/** An answer that takes longer hangs. */
const HANGS_MS = 5_000;
/** What each message takes longer on a slow network. */
const LATENCY_MS = 150;
/** How long a part stays severed that has nobody to tell. */
const SPELL_MS = 5_000;

type Faulty = Pick<Link, 'cut' | 'reset' | 'forget' | 'delay' | 'heal'>;

/** A pair of parts whose network fails. */
interface Pair {
  readonly name: string;
  /** The link between them now: which node leads may have changed. */
  link(): Promise<Faulty>;
  /** The part that must say that it is not ready; none where the other part is no server of ours. */
  readonly notices?: RunningPart;
}

/** What befalls the network. */
interface Fault {
  readonly name: string;
  happen(link: Faulty): void;
  /** Whether the parts can't work until it ends; else they must find back by themselves, while it lasts. */
  readonly severs: boolean;
}

const CUTS: readonly Fault[] = [
  { name: 'cut', happen: (link) => link.cut('both'), severs: true },
  { name: 'cut on the way there', happen: (link) => link.cut('there'), severs: true },
  { name: 'cut on the way back', happen: (link) => link.cut('back'), severs: true },
];
const RESETS: Fault = { name: 'reset', happen: (link) => link.reset(), severs: true };
const HALF_OPEN: Fault = { name: 'half-open', happen: (link) => link.forget(), severs: false };
const LATENCY: Fault = { name: 'slow', happen: (link) => link.delay(LATENCY_MS), severs: false };

/** The network between two parts fails in each way. */
export const network: Row = networkRow({
  id: 'R6',
  what: 'the network between source and Kafka, processor and Kafka, processor and MongoDB, exporter and MongoDB: stalled, half-open, reset, slow',
  repeats: 80,
  faults: [CUTS[0]!, HALF_OPEN, RESETS, LATENCY],
  pairsOf: ({ processor, exporter, source, kafka, mongo, read }) => [
    { name: 'source and Kafka', link: async () => source },
    { name: 'processor and Kafka', link: async () => kafka, notices: processor },
    { name: 'processor and MongoDB', link: async () => mongo, notices: processor },
    { name: 'exporter and MongoDB', link: async () => read, notices: exporter },
  ],
});

/** The network between a processor and one node of a cluster is cut. */
export const networkCut: Row = networkRow({
  id: 'R19',
  what: 'the network cut between a processor and one broker, or the primary of MongoDB, or all of either; one way and both',
  repeats: 240,
  faults: CUTS,
  pairsOf: ({ cluster, processor, kafka, mongo }) => [
    {
      name: 'processor and one broker',
      link: async () => kafka.to(cluster.kafka.node(1).port),
      notices: processor,
    },
    {
      name: 'processor and the primary of MongoDB',
      link: async () => mongo.to((await cluster.mongo.primary()).port),
      notices: processor,
    },
    { name: 'processor and Kafka', link: async () => kafka, notices: processor },
    { name: 'processor and MongoDB', link: async () => mongo, notices: processor },
  ],
});

/** What runs in a row, and the links between. */
interface Setting {
  readonly cluster: TestCluster;
  readonly processor: RunningPart;
  readonly exporter: RunningPart;
  /** From the source of events to Kafka. */
  readonly source: Links;
  /** From the processor to Kafka. */
  readonly kafka: Links;
  /** From the processor to MongoDB. */
  readonly mongo: Links;
  /** From the exporter to MongoDB. */
  readonly read: Links;
}

function networkRow(options: {
  id: string;
  what: string;
  repeats: number;
  faults: readonly Fault[];
  pairsOf: (setting: Setting) => readonly Pair[];
}): Row {
  const { id, what, repeats, faults, pairsOf } = options;
  return {
    id,
    what,
    figure: 'no hang, not ready within 10 s, everything is counted within 30 s of its end; lost 0, double 0',
    repeats,
    // Seconds of silence each: left to the whole matrix.
    small: 0,
    run: async ({ cluster: startCluster, clock, name, repeats, onRepeat }: RowContext) => {
      const cluster = await startCluster();
      const attempts = createAttempts({ onRepeat });
      const { lane, setting, end } = await openSetting(cluster, name);
      const { pid } = setting.processor.service;
      const pairs = pairsOf(setting);
      try {
        for (let n = 0; n < repeats; n++) {
          const pair = pairs[n % pairs.length]!;
          const fault = faults[Math.floor(n / pairs.length) % faults.length]!;
          await attempts.repeat(`${pair.name}: ${fault.name}`, () => befall(lane, clock, pair, fault));
        }
      } finally {
        end();
      }
      if (setting.processor.service.pid !== pid) attempts.fail('the processor ended');
      await judgeLane(lane, attempts);
      return attempts.outcome();
    },
  };
}

async function judgeLane(lane: Lane, attempts: Attempts): Promise<void> {
  // A source that lost an answer may have sent its records again under another number.
  attempts.differences(await judge(lane, { resent: true }));
}

async function openSetting(cluster: TestCluster, name: string) {
  const brokers = cluster.kafka.nodes.map(({ port }) => port);
  const members = cluster.mongo.members.map(({ port }) => port);
  const [source, kafka, mongo, read] = await Promise.all([brokers, brokers, members, members].map(openLinks));
  const end = redirectConnections(source!.redirects);
  const lane = await openLane({ servers: cluster, name, faults: ALL_FAULTS, partitions: PARTITIONS });
  for (const links of [source!, kafka!, mongo!, read!]) lane.pipeline.onStop(() => links.close());
  const processor = await lane.startProcessor(
    undefined,
    redirected({ ...kafka!.redirects, ...mongo!.redirects }),
  );
  const exporter = await lane.pipeline.start('exporter', redirected(read!.redirects));
  const setting: Setting = {
    cluster,
    processor,
    exporter,
    source: source!,
    kafka: kafka!,
    mongo: mongo!,
    read: read!,
  };
  return { lane, setting, end };
}

/** @returns ms of the clock from the end of the fault, or from its begin where it does not sever, until all is counted */
async function befall(
  lane: Lane,
  clock: Clock,
  { link: linkNow, notices }: Pair,
  { happen, severs }: Fault,
): Promise<number> {
  const link = await linkNow();
  if (notices) await untilReady(notices, true, LEVEL_MS);
  const stop = lane.feedOn();
  try {
    happen(link);
    if (severs) {
      if (notices) await untilReady(notices, false, NOTICED_MS);
      else await sleep(SPELL_MS);
      link.heal();
    }
    const elapsed = await untilLevel(lane, clock);
    if (notices) await untilReady(notices, true, LEVEL_MS);
    return elapsed;
  } finally {
    link.heal();
    link.delay(0);
    await stop();
  }
}

async function untilReady({ url, service }: RunningPart, ready: boolean, timeoutMs: number): Promise<void> {
  await until(
    `the ${service.name} says that it is ${ready ? '' : 'not '}ready`,
    async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(HANGS_MS) })).status === 200,
    (is) => is === ready,
    timeoutMs,
  );
}
