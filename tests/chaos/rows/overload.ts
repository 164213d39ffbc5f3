import { setTimeout as sleep } from 'node:timers/promises';
import { consumedRecords } from '../../support/pipeline/drained.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { type Lane, openLane } from '../support/lane.ts';
import { openLink } from '../support/link.ts';
import { residentMb } from '../support/memory.ts';
import { atPace } from '../support/pace.ts';
import { ALL_FAULTS } from '../support/traffic.ts';

/** What each message to MongoDB and from it takes longer: a store that is far away, or hopelessly busy. */
const DELAY_MS = 400;
const OVERLOAD = 10;
/** What the processor takes from the slow store is measured over so long. */
const MEASURE_MS = 20_000;
const BACKLOG = 60_000;
const MINUTE_MS = 60_000;
/** The first event is so old: up to 7,000 events a second taken from the slow store, ten times that is not ahead of the clock. */
const AGE_MS = 3 * 3_600_000;
const MAX_MB = 1_000;
const DRAIN_MS = 20 * MINUTE_MS;

/** Ten times what the processor can take while its store is slow; then the store is as fast as ever. */
export const overload: Row = {
  id: 'R11',
  what: `ten times overload: MongoDB answers ${2 * DELAY_MS} ms later, events come ten times as fast as that leaves time for, minute by minute`,
  figure: `memory below ${MAX_MB} MB, drains afterwards, lost 0, double 0`,
  repeats: 5,
  // Minutes of load: left to the whole matrix.
  small: 0,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const link = await openLink(servers.mongoPort);
    const lane = await openLane({ servers, name, faults: ALL_FAULTS, rate: 2_000, ageMs: AGE_MS });
    lane.pipeline.onStop(() => link.close());
    // Directly, since a replica set's members name the address that is not slow.
    const settings = { MONGODB_URI: `mongodb://127.0.0.1:${link.port}/?directConnection=true` };
    const { service } = await lane.startProcessor(undefined, settings);
    const pid = service.pid!;

    link.delay(DELAY_MS);
    await lane.feed(BACKLOG);
    const capacity = await speedOf(lane);
    const rate = OVERLOAD * capacity;
    let peak = 0;
    for (let minute = 1; minute <= repeats; minute++) {
      await attempts.repeat(`minute ${minute}`, async () => {
        await atPace(MINUTE_MS, async (ms) => {
          await lane.feed(Math.ceil((rate * ms) / 1_000));
          peak = Math.max(peak, await residentMb(pid));
        });
        if (peak > MAX_MB) throw new Error(`${peak} MB`);
        return undefined;
      });
    }
    attempts.figure('events per second taken from the slow store', Math.round(capacity));
    attempts.figure('peak memory, MB', peak);
    link.delay(0);
    const began = performance.now();
    await lane.drain(DRAIN_MS);
    attempts.figure('seconds to drain', Math.round((performance.now() - began) / 1_000));
    if (service.pid !== pid) attempts.fail('the processor ended');
    attempts.differences(await judge(lane));
    return attempts.outcome();
  },
};

/** Records per second that are counted now; there must be a backlog. */
async function speedOf({ pipeline }: Lane): Promise<number> {
  const before = await consumedRecords(pipeline);
  await sleep(MEASURE_MS);
  return ((await consumedRecords(pipeline)) - before) / (MEASURE_MS / 1_000);
}
