import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@storepulse/simulator/random/random';
import { terminate as sendTerm } from '../../support/pipeline/terminate.ts';
import type { Row } from '../row.ts';
import { createAttempts, inLanes } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const LANES = 2;
const LIMIT_MS = 10_000;
/** Sent at once before each SIGTERM: it comes while they are counted. */
const BACKLOG = 1_500;

/** The processor is told to end while it is at work. */
export const terminate: Row = {
  id: 'R14',
  what: 'SIGTERM under load',
  figure: 'exit status 0 under 10 s, each time; lost 0, double 0',
  repeats: 50,
  small: 2,
  run: async ({ servers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    let longest = 0;
    await inLanes(LANES, repeats, async (number, share) => {
      const lane = await openLane({ servers, name: `${name}-${number}`, faults: ALL_FAULTS, partitions: 2 });
      const processor = await lane.startProcessor();
      for (const n of share) {
        const random = createRandom(`${name}|${n}`);
        const stop = lane.feedOn();
        await lane.feed(BACKLOG);
        await sleep(random.integer(0, 500));
        await attempts.repeat(`SIGTERM ${n}`, async () => {
          const stopwatch = await clock.start();
          const { code, signal } = await sendTerm(processor.service);
          const elapsed = stopwatch();
          longest = Math.max(longest, elapsed);
          if (code !== 0) throw new Error(`ended with ${signal ?? `status ${code}`}`);
          if (elapsed > LIMIT_MS) throw new Error(`took ${Math.round(elapsed)} ms`);
          return undefined;
        });
        await stop();
        await processor.service.start();
      }
      attempts.differences(await judge(lane));
      await lane.pipeline.stop();
    });
    attempts.figure('longest stop, ms', Math.round(longest));
    return attempts.outcome();
  },
};
