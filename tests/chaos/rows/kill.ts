import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@storepulse/simulator/random/random';
import type { Row } from '../row.ts';
import { createAttempts, inLanes } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const LANES = 2;
/** 50 kills: 100,000 events. */
const EVENTS_PER_KILL = 2_000;
const BATCH = 100;

/** The processor is killed while it counts, at moments that nothing chooses but chance. */
export const kill: Row = {
  id: 'R1',
  what: '`kill -9` of the processor at seeded times',
  figure: 'lost 0, double 0, totals equal to the penny; each recovery under 15 s',
  repeats: 50,
  small: 2,
  run: async ({ servers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    await inLanes(LANES, repeats, async (number, share) => {
      const lane = await openLane({ servers, name: `${name}-${number}`, faults: ALL_FAULTS, partitions: 2 });
      const processor = await lane.startProcessor();
      for (const n of share) {
        const random = createRandom(`${name}|${n}`);
        await attempts.repeat(`kill ${n}`, async () => {
          const before = random.integer(1, EVENTS_PER_KILL / BATCH - 1);
          for (let batch = 0; batch < before; batch++) {
            await lane.feed(BATCH);
            await sleep(random.integer(0, 40));
          }
          await processor.service.kill();
          await lane.feed(EVENTS_PER_KILL - before * BATCH);
          return lane.recover(processor, clock);
        });
      }
      attempts.differences(await judge(lane));
      await lane.pipeline.stop();
    });
    attempts.figure('events', repeats * EVENTS_PER_KILL);
    return attempts.outcome();
  },
};
