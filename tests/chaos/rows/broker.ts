import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@storepulse/local';
import { createRandom } from '@storepulse/simulator/random/random';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { untilNewResult } from '../support/new-result.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

/** A broker that is told to end writes everything out first; it is given the time. */
const CLEAN_STOP_MS = 30_000;
const DOWN_MS = 1_500;

/** The broker goes and comes back, in good order and not. */
export const broker: Row = {
  id: 'R4',
  what: 'restart of the Kafka broker, clean and by `kill -9`',
  figure: 'acknowledged events lost 0, double 0; the processor goes on by itself within 15 s',
  repeats: 20,
  small: 2,
  run: async ({ ownServers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const lane = await openLane({ servers, name, faults: ALL_FAULTS, partitions: 2 });
    const processor = await lane.startProcessor();
    const { pid } = processor.service;
    const random = createRandom(name);
    for (let n = 0; n < repeats; n++) {
      const stop = lane.feedOn();
      await sleep(random.integer(500, 1_500));
      const clean = n % 2 === 0;
      await attempts.repeat(clean ? 'clean restart' : 'hard restart', async () => {
        await end(servers.kafka, clean);
        await sleep(DOWN_MS);
        await servers.kafka.start();
        return untilNewResult(lane.pipeline, clock);
      });
      await stop();
    }
    if (processor.service.pid !== pid) attempts.fail('the processor ended');
    attempts.differences(await judge(lane, { resent: true }));
    return attempts.outcome();
  },
};

const end = (broker: Service, clean: boolean) => (clean ? broker.stop(CLEAN_STOP_MS) : broker.kill());
