import { createRandom } from '@storepulse/simulator/random/random';
import type { Clock } from '../../support/clock.ts';
import { firstResultAfter, RECOVERY_MS } from '../../support/pipeline/recovery.ts';
import { until } from '../../support/until.ts';
import { CRASH_POINTS, type CrashPoint, type Order } from '../crash-points.ts';
import type { Row } from '../row.ts';
import { createAttempts, inLanes } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { fencedBy } from '../support/members.ts';
import { type OrderedProcessor, startOrdered, watchExits } from '../support/orders.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const LANES = 4;
const POINTS = Object.keys(CRASH_POINTS) as CrashPoint[];
/** Killed at each point; and stopped in the middle of its transaction, while another takes over. */
const CASES = [...POINTS, 'stopped'] as const;
const REPEATS_OF_EACH = 20;
/** Sent while the process is gone: what its successor shows first. */
const EVENTS_AFTER = 300;
/** Events per second of event time, and how many come first: windows are closed by then, and late events correct them. */
const RATE = 50;
const EVENTS_BEFORE = 5_000;

/** The processor ends at each point of the protocol. */
export const crashPoints: Row = {
  id: 'R2',
  what: `\`kill -9\` at each of ${POINTS.length} points of the protocol, and SIGSTOP in the middle of a transaction`,
  figure: 'lost 0, double 0, totals equal to the penny; each recovery under 15 s',
  repeats: CASES.length * REPEATS_OF_EACH,
  small: CASES.length,
  run: async ({ servers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    let fenced = 0;
    await inLanes(LANES, repeats, async (number, share) => {
      const lane = await openLane({
        servers,
        name: `${name}-${number}`,
        faults: ALL_FAULTS,
        partitions: 2,
        rate: RATE,
      });
      let processor = await startOrdered(lane, servers.folder, 'first');
      let exited = watchExits(processor);
      const follow = (next: OrderedProcessor) => {
        processor = next;
        exited = watchExits(next);
      };
      await lane.feed(EVENTS_BEFORE);
      await untilSomeClosed(lane);
      for (const n of share) {
        const what = CASES[n % CASES.length]!;
        if (what === 'stopped') {
          await attempts.repeat('stopped in its transaction', async () => {
            const start = () => startOrdered(lane, servers.folder, `after-${n}`);
            const { elapsed, zombies } = await takeOver(lane, clock, processor, start, follow);
            fenced += zombies;
            return elapsed;
          });
        } else {
          const order = { point: what, passage: createRandom(`${name}|${n}`).integer(1, 3) };
          await attempts.repeat(`killed ${CRASH_POINTS[what]}`, () =>
            crash(lane, clock, processor, exited, order),
          );
        }
      }
      attempts.differences(await judge(lane));
      await lane.pipeline.stop();
    });
    attempts.figure('zombie writes fenced', fenced);
    return attempts.outcome();
  },
};

async function untilSomeClosed({ pipeline }: Lane): Promise<void> {
  await until(
    'some windows are closed',
    () => pipeline.metrics.countDocuments({ final: true }),
    (n) => n > 0,
  );
}

async function crash(
  lane: Lane,
  clock: Clock,
  processor: OrderedProcessor,
  exited: ReturnType<typeof watchExits>,
  order: Pick<Order, 'point' | 'passage'>,
): Promise<number> {
  processor.order({ ...order, signal: 'SIGKILL' });
  const stop = lane.feedOn();
  try {
    await exited();
  } finally {
    await stop();
  }
  await lane.feed(EVENTS_AFTER);
  return lane.recover(processor, clock);
}

/**
 * Stops a processor in its transaction, lets another take over, and wakes it: its write must come to nothing.
 * @param follow told of the other one, whatever comes of it
 */
async function takeOver(
  lane: Lane,
  clock: Clock,
  stopped: OrderedProcessor,
  start: () => Promise<OrderedProcessor>,
  follow: (next: OrderedProcessor) => void,
) {
  const fencedBefore = await fencedBy(stopped);
  stopped.order({ point: 'in-transaction', passage: 1, signal: 'SIGSTOP' });
  const stop = lane.feedOn();
  try {
    await stopped.untilObeyed();
  } finally {
    await stop();
  }
  await lane.feed(EVENTS_AFTER);
  try {
    const elapsed = await firstResultAfter(lane.pipeline, clock, async () => follow(await start()));
    process.kill(stopped.service.pid!, 'SIGCONT');
    const fenced = await until(
      'the stopped processor finds that its task has another owner',
      () => fencedBy(stopped),
      (n) => n > fencedBefore,
      30_000,
    );
    if (elapsed > RECOVERY_MS) throw new Error(`the next owner took ${elapsed} ms, more than ${RECOVERY_MS}`);
    return { elapsed, zombies: fenced - fencedBefore };
  } finally {
    await stopped.service.stop();
  }
}
