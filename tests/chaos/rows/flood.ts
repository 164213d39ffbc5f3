import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { judge } from '../support/judge.ts';
import { openLane } from '../support/lane.ts';
import { atPace, quantile } from '../support/pace.ts';
import { openProbe } from '../support/probe.ts';
import { createTraffic } from '../support/traffic.ts';

const MINUTE_MS = 60_000;
const WARM_UP_MS = 20_000;
/** Sound events per second. */
const RATE = 300;
const ALLOWED = 2;

/** Events that can't be read, as many as those that can. */
export const flood: Row = {
  id: 'R10',
  what: 'poison flood: half of the traffic can’t be read, minute by minute',
  figure: 'p99 latency of good events below twice that without the flood; lost 0, double 0',
  repeats: 5,
  // A measurement needs the machine for itself.
  small: 0,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const lane = await openLane({ servers, name, faults: {} });
    await lane.startProcessor();
    const probe = await openProbe(lane);
    const poison = createTraffic({
      seed: `${name}-poison`,
      faults: { malformed: 0.5, poison: 0.5 },
      shop: 'bad',
    });
    await lane.send([poison.shopRecord]);

    const sound = (ms: number) => Promise.all([probe.send(), lane.feed((RATE * ms) / 1_000)]);
    const flooded = (ms: number) => Promise.all([sound(ms), lane.send(poison.next((RATE * ms) / 1_000))]);
    await atPace(WARM_UP_MS, flooded);
    await probe.take();
    await atPace(MINUTE_MS, sound);
    const without = quantile(await probe.take(), 0.99);
    const all: number[] = [];
    for (let minute = 1; minute <= repeats; minute++) {
      await attempts.repeat(`minute ${minute}`, async () => {
        await atPace(MINUTE_MS, flooded);
        const latencies = await probe.take();
        all.push(...latencies);
        const p99 = quantile(latencies, 0.99);
        if (p99 > ALLOWED * without) {
          throw new Error(`p99 ${Math.round(p99)} ms, without the flood ${Math.round(without)} ms`);
        }
        return undefined;
      });
    }
    attempts.figure('p99 without the flood, ms', Math.round(without));
    attempts.figure('p99 in the flood, ms', Math.round(quantile(all, 0.99)));
    // The flood has fates of its own, which no ledger knows.
    attempts.differences(await judge(lane, { resent: true }));
    return attempts.outcome();
  },
};
