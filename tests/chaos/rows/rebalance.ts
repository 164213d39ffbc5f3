import { createRandom, type Random } from '@storepulse/simulator/random/random';
import { terminate } from '../../support/pipeline/terminate.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { fencedBy, untilOwned } from '../support/members.ts';
import { type OrderedProcessor, startOrdered } from '../support/orders.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const PARTITIONS = 4;

/** Members come and go, and one sleeps through its own expulsion. */
export const rebalance: Row = {
  id: 'R3',
  what: 'rebalances 1→4→2→3 processes, one member stopped longer than its session time-out',
  figure: 'lost 0, double 0, every write of the stopped member fenced',
  repeats: 30,
  small: 1,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    let fenced = 0;
    // One lane: up to five processes at once, which two cores must be able to start and to stop in time.
    const lane = await openLane({
      servers,
      name,
      faults: ALL_FAULTS,
      partitions: PARTITIONS,
    });
    const started: OrderedProcessor[] = [];
    let names = 0;
    const start = async () => {
      const member = await startOrdered(lane, servers.folder, `${names++}`);
      started.push(member);
      return member;
    };
    const startAfresh = async () => {
      await Promise.all(started.splice(0).map((member) => member.stop()));
      return [await start()];
    };
    let members = [await start()];
    for (let n = 0; n < repeats; n++) {
      const random = createRandom(`${name}|${n}`);
      const stop = lane.feedOn();
      const goRound = async () => {
        members = [...members, ...(await Promise.all([start(), start(), start()]))];
        await untilOwned(members, PARTITIONS);
        fenced += await sleepThrough(lane, members, random);
        members = await leave(members, 2);
        await untilOwned(members, PARTITIONS);
        members = [...members, await start()];
        await untilOwned(members, PARTITIONS);
        members = await leave(members, 1);
        await untilOwned(members, PARTITIONS);
        return undefined;
      };
      await attempts.repeat(`round ${n}`, () =>
        goRound().catch(async (error) => {
          // What went wrong in one round must not be counted again in the next.
          members = await startAfresh();
          throw error;
        }),
      );
      await stop();
    }
    attempts.differences(await judge(lane));
    await lane.pipeline.stop();
    attempts.figure('zombie writes fenced', fenced);
    return attempts.outcome();
  },
};

/**
 * Stops a member right before or within a transaction until the others own its tasks, and wakes it in the middle.
 * @returns how many tasks it found to have another owner
 */
async function sleepThrough(
  lane: Lane,
  members: readonly OrderedProcessor[],
  random: Random,
): Promise<number> {
  const sleeper = random.pick(members);
  const others = members.filter((member) => member !== sleeper);
  const before = await fencedBy(sleeper);
  const point = random.pick(['before-transaction', 'in-transaction'] as const);
  sleeper.order({ point, passage: random.integer(1, 3), signal: 'SIGSTOP' });
  await sleeper.untilObeyed();
  await untilOwned(others, PARTITIONS);
  await lane.feed(200);
  process.kill(sleeper.service.pid!, 'SIGCONT');
  const after = await until(
    'the member that slept finds that its task has another owner',
    () => fencedBy(sleeper),
    (n) => n > before,
    30_000,
  );
  await untilOwned(members, PARTITIONS);
  return after - before;
}

/** Tells members to end until so many are left. */
async function leave(members: readonly OrderedProcessor[], left: number): Promise<OrderedProcessor[]> {
  const leaving = members.slice(left);
  const exits = await Promise.all(leaving.map(({ service }) => terminate(service)));
  const bad = exits.filter(({ code }) => code !== 0).map(({ code, signal }) => signal ?? `status ${code}`);
  if (bad.length > 0) throw new Error(`${bad.length} members ended in bad order: ${bad.join(', ')}`);
  await Promise.all(leaving.map((member) => member.stop()));
  return members.slice(0, left);
}
