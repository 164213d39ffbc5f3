import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@storepulse/simulator/random/random';
import type { TestServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { watchCounters } from '../support/counters.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { untilNewResult } from '../support/new-result.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

const CLEAN_STOP_MS = 30_000;
const DOWN_MS = 1_500;
const STEP_DOWN_SECONDS = 3;

/** What befalls the primary. */
const FAULTS: readonly { name: string; happen: (servers: TestServers, lane: Lane) => Promise<void> }[] = [
  {
    name: 'clean restart',
    happen: async ({ mongo }) => {
      await mongo.stop(CLEAN_STOP_MS);
      await sleep(DOWN_MS);
      await mongo.start();
    },
  },
  {
    name: 'hard restart',
    happen: async ({ mongo }) => {
      await mongo.kill();
      await sleep(DOWN_MS);
      await mongo.start();
    },
  },
  { name: 'step-down', happen: (_servers, lane) => stepDown(lane) },
];

/** MongoDB goes and comes back, or gives its primacy up for a while. */
export const store: Row = {
  id: 'R5',
  what: 'restart of MongoDB, clean and by `kill -9`, and step-down of its primary',
  figure: 'lost 0, double 0, no counter on `/metrics` goes down; the processor goes on by itself within 15 s',
  repeats: 20,
  small: 3,
  run: async ({ ownServers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const lane = await openLane({ servers, name, faults: ALL_FAULTS, partitions: 2 });
    const processor = await lane.startProcessor();
    const exporter = await lane.pipeline.start('exporter');
    const { pid } = processor.service;
    const counters = watchCounters(exporter.url);
    lane.pipeline.onStop(async () => void (await counters.stop()));
    const random = createRandom(name);
    for (let n = 0; n < repeats; n++) {
      const stop = lane.feedOn();
      await sleep(random.integer(500, 1_500));
      const { name: what, happen } = FAULTS[n % FAULTS.length]!;
      await attempts.repeat(what, async () => {
        await happen(servers, lane);
        return untilNewResult(lane.pipeline, clock);
      });
      await stop();
    }
    if (processor.service.pid !== pid) attempts.fail('the processor ended');
    attempts.differences(await judge(lane));
    const { falls, readings } = await counters.stop();
    for (const fall of falls) attempts.fail(fall);
    attempts.figure('readings of /metrics', readings);
    return attempts.outcome();
  },
};

/** Makes the primary step down, and waits until the set of one has elected it again. */
async function stepDown({ pipeline }: Lane): Promise<void> {
  const admin = pipeline.db.client.db('admin');
  // The server hangs up on whoever asks, in some releases.
  await admin.command({ replSetStepDown: STEP_DOWN_SECONDS, force: true }).catch(() => undefined);
  await until(
    'there is a primary again',
    () => admin.command({ hello: 1 }),
    ({ isWritablePrimary }) => isWritablePrimary === true,
  );
}
